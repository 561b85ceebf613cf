/** Program: the bridge with its windows, in a network of its own. */
import { answerCalls } from './program-calls.ts'
import { createBridgeUser } from './bridge-user.ts'
import { liveBytes, openSockets } from './held.ts'

const patienceMs = 120_000
const { tunnels, ...user } = createBridgeUser(patienceMs)

const methods = {
  ...user,
  tunnelState: (tunnelId: string) => tunnels.get(tunnelId),
  held: () => ({ handles: { 'bridge sockets': openSockets() }, bytes: liveBytes() }),
}
export type NetworkUserMethods = typeof methods

answerCalls(methods)
