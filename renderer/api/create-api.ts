import type { WindowBridge } from '#ipc/bridge-api'
import type { Api } from './api-context.tsx'
import { createQueryClient } from './query-client.ts'
import { createRpcClient } from './rpc-client.ts'
import { createSubscriptions } from './subscriptions.ts'

/** Wires client, subscriptions and query cache over the preload's duplex. */
export function createApi(bridge: WindowBridge): Api {
  const client = createRpcClient(bridge)
  return {
    client,
    subscriptions: createSubscriptions(client),
    queryClient: createQueryClient(),
    facts: bridge.facts,
  }
}
