import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** The first of the programs that is on the search path, as an absolute path; undefined: none is. */
export function findProgram(names: readonly string[], searchPath: string): string | undefined {
  // A relative folder would mean whatever the caller stands in.
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder))
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isProgram)
    if (found !== undefined) return found
  }
  return undefined
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
