import type { KeychainState } from '#ipc/keychain'
import { useSubscription } from '../../api/use-subscription.ts'

const everything = {}

/** The keychain's state; `checking` until main has answered. */
export function useKeychain(): KeychainState {
  return useSubscription('keychain.watch', everything).data ?? { kind: 'checking' }
}
