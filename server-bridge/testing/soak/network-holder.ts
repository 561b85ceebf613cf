/** Program: makes two networks and a process in one of them, says so, and stays until it is ended. */
import { createNetworkPair } from './network-pair.ts'
import { callProgram } from './program-calls.ts'
import type { NetworkPlaceMethods } from './network-place.ts'

const network = await createNetworkPair(process.argv[2] ?? '')
const place = callProgram<NetworkPlaceMethods>('network-place', network.inside('client'))
await place.call('echoPort')

/** What has to be gone after it. */
export interface HeldNetworks {
  readonly names: readonly string[]
  readonly pid: number
}
process.send?.({ names: Object.values(network.names), pid: place.pid } satisfies HeldNetworks)
