import { z } from 'zod'
import { keptTransferSchema, type KeptTransfer } from '#bridge/contract/file-transfers'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

/** Opens `transfers.json`: copies that go on when the app starts again. */
export function openTransfersFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<readonly KeptTransfer[]>> {
  return openDataFile<readonly KeptTransfer[]>(surroundings, {
    name: 'transfers.json',
    holds: 'transfers',
    version: 1,
    schema: z.array(keptTransferSchema),
    defaults: [],
    migrations: {},
    whenNotWritten: 'keep',
  })
}

/** What the bridge is given at its start, and what it wants kept. */
export function keptTransfers(
  file: VersionedFile<readonly KeptTransfer[]>,
  logger: Logger,
): { kept(): readonly KeptTransfer[]; keep(transfers: readonly KeptTransfer[]): void } {
  return {
    kept: () => file.value.get(),
    keep(transfers) {
      file
        .update(() => transfers)
        .catch((thrown: unknown) => {
          // Transfers go on; only a restart of the app would not know of them.
          logger.warn('The transfers could not be kept', { error: toError(thrown).message })
        })
    },
  }
}
