import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import type { Check } from './check.ts'
import { readFiles, type SourceFile } from './source-files.ts'

const LINK = /\]\((?<target>[^)\s]+)\)|<img[^>]+src="(?<image>[^"]+)"/g
const ELSEWHERE = /^([a-z]+:|#)/

/** Finds links of documents that lead to no file of the repository. */
export function findBrokenLinks(files: readonly SourceFile[], exists: (path: string) => boolean): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(LINK)].flatMap(({ groups }) => {
      const target = groups?.['target'] ?? groups?.['image'] ?? ''
      if (ELSEWHERE.test(target)) return []
      const wanted = posix.join(posix.dirname(path), target.replace(/#.*$/, ''))
      return exists(wanted) ? [] : [`${path} links to ${target}, which is not there`]
    }),
  )
}

/** Documents lead somewhere. */
export const documentLinks: Check = {
  name: 'document links',
  find: async (repository) =>
    findBrokenLinks(await readFiles(repository, /\.md$/), (path) => existsSync(posix.join(repository, path))),
}
