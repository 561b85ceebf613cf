/** Tests of MCP servers, running and last, by deployment and server. They outlive a look at another page. */
import { create } from 'zustand'
import { BridgeError } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import type { Output } from '../../api/procedure-types.ts'
import type { RpcClient } from '../../api/rpc-client.ts'

export type TestReport = Output<'mcpServers.testConnection'>

export type ConnectionTest =
  | { readonly kind: 'running'; readonly startedAt: number; readonly cancel: () => void }
  | { readonly kind: 'reported'; readonly report: TestReport }
  /** There was no connection to try; `message` says what is missing. */
  | {
      readonly kind: 'impossible'
      readonly code: string
      readonly message: string
      /** What the user may allow their values to go to, where that is what is missing. */
      readonly address?: string
    }

export const useConnectionTests = create<Readonly<Record<string, ConnectionTest | undefined>>>(() => ({}))

const keyOf = (deploymentId: string, serverId: string): string => `${deploymentId}/${serverId}`

const setTest = (key: string, test: ConnectionTest | undefined): void =>
  useConnectionTests.setState({ [key]: test })

/** The test of one server; undefined while none was made. */
export function useConnectionTest(deploymentId: string, serverId: string): ConnectionTest | undefined {
  return useConnectionTests((tests) => tests[keyOf(deploymentId, serverId)])
}

/** Forgets the result: what was tested is not what would be used now. */
export function forgetTest(deploymentId: string, serverId: string): void {
  const key = keyOf(deploymentId, serverId)
  const running = useConnectionTests.getState()[key]
  if (running?.kind === 'running') running.cancel()
  setTest(key, undefined)
}

/** Tries a server, unless that is being done. The result is in the store; nothing is thrown. */
export async function runTest(client: RpcClient, deploymentId: string, serverId: string): Promise<void> {
  const key = keyOf(deploymentId, serverId)
  const before = useConnectionTests.getState()[key]
  if (before?.kind === 'running') return
  const controller = new AbortController()
  setTest(key, { kind: 'running', startedAt: Date.now(), cancel: () => controller.abort() })
  try {
    const report = await client.call(
      'mcpServers.testConnection',
      { deploymentId, serverId },
      controller.signal,
    )
    setTest(key, { kind: 'reported', report })
  } catch (error) {
    setTest(key, controller.signal.aborted ? before : impossible(error))
  }
}

function impossible(error: unknown): ConnectionTest {
  const code = error instanceof BridgeError ? error.code : 'internal'
  const address = code === 'address_changed' ? addressIn(error) : undefined
  return {
    kind: 'impossible',
    code,
    message: errorWords(error).message,
    ...(address === undefined ? {} : { address }),
  }
}

function addressIn(error: unknown): string | undefined {
  const details = error instanceof BridgeError ? error.details : undefined
  if (typeof details !== 'object' || details === null || !('to' in details)) return undefined
  return typeof details.to === 'string' ? details.to : undefined
}

/** Lets values go to an address that the user was asked about, and tries it. Nothing is thrown. */
export async function allowAddress(
  client: RpcClient,
  deploymentId: string,
  serverId: string,
  address: string,
): Promise<void> {
  try {
    await client.call('mcpServers.confirmAddress', { deploymentId, serverId, address })
  } catch (error) {
    setTest(keyOf(deploymentId, serverId), impossible(error))
    return
  }
  await runTest(client, deploymentId, serverId)
}

/** More at once would be a burst from one machine at servers that may be one. */
const AT_ONCE = 4

/** Tries many, a few at a time, until the signal. */
export async function runTests(
  client: RpcClient,
  deploymentId: string,
  serverIds: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...serverIds]
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift())
      await runTest(client, deploymentId, next)
  }
  signal.addEventListener('abort', () => {
    for (const serverId of serverIds) {
      const test = useConnectionTests.getState()[keyOf(deploymentId, serverId)]
      if (test?.kind === 'running') test.cancel()
    }
  })
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
