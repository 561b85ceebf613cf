import type { Scope, TemplateFunction } from './evaluate.ts'
import { collectionFunctions } from './functions/collection.ts'
import { encodingFunctions } from './functions/encoding.ts'
import { createFileFunctions, type ReadArchiveFile } from './functions/file.ts'
import { numberFunctions } from './functions/number.ts'
import { setFunctions } from './functions/sets.ts'
import { textFunctions } from './functions/text.ts'

/** Every function a template may call; `try` and `can` are part of the evaluation itself. */
export function createFunctions(
  readFile: ReadArchiveFile,
  scope: () => Scope,
): ReadonlyMap<string, TemplateFunction> {
  return new Map(
    Object.entries({
      ...textFunctions,
      ...numberFunctions,
      ...collectionFunctions,
      ...setFunctions,
      ...encodingFunctions,
      ...createFileFunctions(readFile, scope),
    }),
  )
}

/** Everything a template may call by name. */
export const functionNames: ReadonlySet<string> = new Set([
  'try',
  'can',
  ...createFunctions(
    () => undefined,
    () => {
      throw new Error('Only the names are wanted.')
    },
  ).keys(),
])
