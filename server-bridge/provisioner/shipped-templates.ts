import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFrontMatter, type FrontMatter } from './front-matter.ts'
import { writeTar } from './tar-writer.ts'

export interface ShippedTemplate extends FrontMatter {
  /** The template's name in the deployment. */
  readonly name: string
  readonly readme: string
  /** The template as an upload would bring it: the same bytes on every machine. */
  readonly archive: Uint8Array
}

/** The templates every local deployment begins with. */
export async function listShippedTemplates(folder: string = findFolder()): Promise<ShippedTemplate[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(names.sort().map((name) => readTemplate(name, join(folder, name))))
}

async function readTemplate(name: string, folder: string): Promise<ShippedTemplate> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        return { path: path.slice(folder.length + 1).replaceAll('\\', '/'), content: await readFile(path) }
      }),
  )
  const readme = files.find((file) => file.path === 'README.md')?.content.toString('utf8') ?? ''
  return { name, readme, ...readFrontMatter(readme), archive: writeTar(files) }
}

/** Beside the source; built, beside the bundle or, from a chunk of it, one folder up. */
function findFolder(): string {
  const candidates = ['./templates/', '../templates/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined)
    throw new Error('The shipped templates are missing from this installation. Install it again.')
  return found
}
