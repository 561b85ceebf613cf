import type { Contract } from '#ipc/contract'
import { streamLatest } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { Keychain } from './keychain.ts'

/** The keychain's procedures. */
export function createKeychainHandlers(keychain: Keychain): FeatureHandlers<Contract['keychain']> {
  return {
    watch: (_, { signal }) => streamLatest(keychain.state, signal),
    async unlock() {
      const state = await keychain.unlock()
      if (state.kind === 'locked') {
        throw new ProcedureError(
          'still_locked',
          `${state.backend} is still locked. Unlock it in the system's own dialog or password app, then try again.`,
        )
      }
      return state
    },
    useMemory: () => keychain.useMemory(),
  }
}
