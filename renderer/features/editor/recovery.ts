import type { FilesPlace } from '#bridge/contract/remote-files'
import type { Recovery } from '#ipc/files'
import type { RpcClient } from '../../api/rpc-client.ts'

/** Same as `recoveryPartMaxChars`; the contract's module would bring its schemas into the window. */
export const partMaxChars = 256 * 1024
/** Same as `recoveryMaxParts`. */
export const maxParts = 256

/** A text that is not saved, as main keeps it. */
export interface UnsavedText {
  readonly path: string
  readonly baseSha256: string | null
  readonly text: string
}

/** Copies of unsaved texts that outlive the window, for the files of one place. */
export interface RecoveryStore {
  /** Answers the copy's id. @throws where it could not be written */
  keep(unsaved: UnsavedText): Promise<string>
  remove(recoveryId: string): Promise<void>
  /** Those of this place, oldest first. */
  list(): Promise<readonly Recovery[]>
  read(recoveryId: string): Promise<string>
}

export function createRecoveryStore(client: RpcClient, place: FilesPlace): RecoveryStore {
  const own = {
    deploymentId: place.deploymentId,
    workspaceId: place.workspaceId,
    agentName: place.agentName ?? '',
  }
  return {
    keep: async ({ path, baseSha256, text }) => {
      const parts = Math.max(1, Math.ceil(text.length / partMaxChars))
      if (parts > maxParts) throw new Error('The text is too long to be kept.')
      let recoveryId = ''
      for (let part = 0; part < parts; part += 1) {
        const piece = text.slice(part * partMaxChars, (part + 1) * partMaxChars)
        const answer = await client.call('files.keepRecovery', {
          ...own,
          location: path,
          baseSha256,
          text: piece,
          part,
          parts,
        })
        recoveryId = answer.recoveryId
      }
      return recoveryId
    },
    remove: async (recoveryId) => {
      await client.call('files.removeRecovery', { recoveryId })
    },
    list: async () => {
      const { recoveries } = await client.call('files.listRecoveries', {})
      return recoveries
        .filter(
          (each) =>
            each.deploymentId === own.deploymentId &&
            each.workspaceId === own.workspaceId &&
            each.agentName === own.agentName,
        )
        .toReversed()
    },
    read: async (recoveryId) => (await client.call('files.readRecovery', { recoveryId })).text,
  }
}
