import type { Contract } from '#ipc/contract'
import { combineLive } from '../../lib/combine-live.ts'
import { streamLatest } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { StorageNotices } from '../../lib/storage-notices.ts'
import { FileNotWrittenError } from '../../lib/versioned-file.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { SettingsService } from './settings.ts'

/** The settings' procedures. */
export function createSettingsHandlers(
  settings: SettingsService,
  notices: StorageNotices,
): FeatureHandlers<Contract['settings']> {
  const both = combineLive([settings.value, notices.all], () => ({
    settings: settings.value.get(),
    notices: [...notices.all.get()],
  }))
  return {
    watch: (_, { signal }) => streamLatest(both, signal),
    async update(patch) {
      try {
        return await settings.update(patch)
      } catch (thrown) {
        if (!(thrown instanceof FileNotWrittenError)) throw thrown
        throw new ProcedureError('not_saved', `${thrown.message} The change holds until Outpost is closed.`, {
          cause: thrown,
        })
      }
    },
    dismissNotice({ id }) {
      notices.dismiss(id)
      return null
    },
  }
}
