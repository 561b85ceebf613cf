/** Files the user chose in the system's dialog. The window gets an id: a path of its own making means nothing here. */
import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { Desktop } from '../../ports/desktop.ts'

const purposes = {
  ca: 'Choose the CA file',
  cert: 'Choose the client certificate',
  key: 'Choose the key of the client certificate',
} as const
export type FilePurpose = keyof typeof purposes

export interface ChosenFiles {
  choose(purpose: FilePurpose): Promise<{ readonly id: string; readonly name: string } | null>
  /** `undefined` for an id that was never given, or before the app was started again. */
  pathOf(id: string): string | undefined
}

/** More than anybody chooses; the oldest are forgotten. */
const keptFiles = 200

export function createChosenFiles(desktop: Pick<Desktop, 'chooseOpenPath'>): ChosenFiles {
  const paths = new Map<string, string>()
  return {
    async choose(purpose) {
      const path = await desktop.chooseOpenPath(purposes[purpose])
      if (path === null) return null
      const id = randomUUID()
      paths.set(id, path)
      const [oldest] = paths.keys()
      if (paths.size > keptFiles && oldest !== undefined) paths.delete(oldest)
      return { id, name: basename(path) }
    },
    pathOf: (id) => paths.get(id),
  }
}
