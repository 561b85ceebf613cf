import type { Check } from './check.ts'
import { readFiles, type SourceFile } from './source-files.ts'

const RAW_COLOUR = /#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgba?|hsla?|hwb|oklch|oklab)\(/i
const TOKENS = /(^|\/)tokens\.css$/

/** Finds colours written down outside the tokens; ESLint does the same for TypeScript. */
export function findRawColours(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !TOKENS.test(path))
    .flatMap(({ path, text }) =>
      text
        .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
        .split('\n')
        .flatMap((line, index) =>
          RAW_COLOUR.test(line)
            ? [`${path}:${index + 1} has a raw colour: use a token (${line.trim()})`]
            : [],
        ),
    )
}

/** Colours are tokens, so that every theme reaches every place. */
export const styleColours: Check = {
  name: 'style colours',
  find: async (repository) => findRawColours(await readFiles(repository, /^renderer\/.*\.css$/)),
}
