import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'release', '.cache', 'coverage', 'test-results'])

/** A file of the repository, its path with forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Paths of all files that belong to the repository, without what is installed, built or cached. */
export async function listFiles(repository: string): Promise<string[]> {
  const found: string[] = []
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await walk(path)
      else if (entry.isFile()) found.push(relative(repository, path).replaceAll(sep, '/'))
    }
  }
  await walk(repository)
  return found.sort()
}

/** Reads the files whose path fits the pattern. */
export async function readFiles(repository: string, pattern: RegExp): Promise<SourceFile[]> {
  const paths = (await listFiles(repository)).filter((path) => pattern.test(path))
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(repository, path), 'utf8') })),
  )
}
