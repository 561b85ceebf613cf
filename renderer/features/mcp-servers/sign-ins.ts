/** Sign-ins that wait for the browser, by deployment and server. They go on while another page is looked at. */
import { create } from 'zustand'
import { errorWords } from '../../api/error-words.ts'
import type { RpcClient } from '../../api/rpc-client.ts'

export type SignIn =
  | { readonly kind: 'waiting'; readonly startedAt: number; readonly cancel: () => void }
  | { readonly kind: 'failed'; readonly message: string }

export const useSignIns = create<Readonly<Record<string, SignIn | undefined>>>(() => ({}))

const keyOf = (deploymentId: string, serverId: string): string => `${deploymentId}/${serverId}`

/** The sign-in to one server; undefined while there is none. */
export function useSignIn(deploymentId: string, serverId: string): SignIn | undefined {
  return useSignIns((all) => all[keyOf(deploymentId, serverId)])
}

/** Opens the browser and waits for it. Resolves when that is over; the outcome is in the store and on the server. */
export async function runSignIn(client: RpcClient, deploymentId: string, serverId: string): Promise<void> {
  const key = keyOf(deploymentId, serverId)
  if (useSignIns.getState()[key]?.kind === 'waiting') return
  const controller = new AbortController()
  const set = (next: SignIn | undefined): void => useSignIns.setState({ [key]: next })
  set({ kind: 'waiting', startedAt: Date.now(), cancel: () => controller.abort() })
  try {
    await client.call('mcpServers.signIn', { deploymentId, serverId }, controller.signal)
    set(undefined)
  } catch (error) {
    set(controller.signal.aborted ? undefined : { kind: 'failed', message: errorWords(error).message })
  }
}
