import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { parseTemplateFile } from '../../hcl/parse-body.ts'
import { evaluate, type Scope, type TemplateFunction } from '../evaluate.ts'
import { ConversionError, quote, toMap, toText, type Value } from '../value.ts'
import { argument, expectCount } from './arguments.ts'

/** Reads a file of the template's archive, never one of the machine. */
export type ReadArchiveFile = (path: string) => Uint8Array | undefined

/** `file`, `templatefile` and what belongs to them, over the archive's own files. */
export function createFileFunctions(
  readFile: ReadArchiveFile,
  scope: () => Scope,
): Readonly<Record<string, TemplateFunction>> {
  function find(path: string): Uint8Array | undefined {
    const normal = posix.normalize(path.replace(/^\.\//, ''))
    return normal.startsWith('../') || posix.isAbsolute(normal) ? undefined : readFile(normal)
  }

  function read(args: readonly Value[]): Uint8Array {
    const path = toText(argument(args, 0))
    const bytes = find(path)
    if (bytes === undefined) throw new ConversionError(`there is no file ${quote(path)} in the template`)
    return bytes
  }

  const templateFile: TemplateFunction = (args, budget) => {
    expectCount(args, 2)
    const bytes = read(args)
    budget.produce(bytes.length)
    const expression = parseTemplateFile(toText(argument(args, 0)), decode(bytes))
    const variables = toMap(argument(args, 1))
    // Only what is handed over is visible inside.
    const inner: Scope = {
      ...scope(),
      lookUp: (name) => {
        const value = variables.get(name)
        return value === undefined ? undefined : { namespace: false, value }
      },
    }
    return toText(evaluate(expression, inner))
  }

  const hashOf =
    (algorithm: string, encoding: 'hex' | 'base64'): TemplateFunction =>
    (args) => {
      expectCount(args, 1)
      return createHash(algorithm).update(read(args)).digest(encoding)
    }

  return {
    filebase64sha256: hashOf('sha256', 'base64'),
    filebase64sha512: hashOf('sha512', 'base64'),
    filemd5: hashOf('md5', 'hex'),
    filesha1: hashOf('sha1', 'hex'),
    filesha256: hashOf('sha256', 'hex'),
    filesha512: hashOf('sha512', 'hex'),
    file: (args, budget) => {
      expectCount(args, 1)
      const bytes = read(args)
      budget.produce(bytes.length)
      return decode(bytes)
    },
    filebase64: (args, budget) => {
      expectCount(args, 1)
      const bytes = read(args)
      budget.produce(bytes.length * 2)
      return Buffer.from(bytes).toString('base64')
    },
    fileexists: (args) => {
      expectCount(args, 1)
      return find(toText(argument(args, 0))) !== undefined
    },
    templatefile: templateFile,
    basename: (args) => {
      expectCount(args, 1)
      return posix.basename(toText(argument(args, 0)))
    },
    dirname: (args) => {
      expectCount(args, 1)
      return posix.dirname(toText(argument(args, 0)))
    },
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ConversionError('the file is not text in UTF-8; use filebase64()')
  }
}
