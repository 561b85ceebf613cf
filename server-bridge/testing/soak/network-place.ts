/** Program: an echo in a network, and what looks from inside of it. */
import { startEcho } from '../echo-server.ts'
import { prepareGround } from './fault-ground.ts'
import { answerCalls } from './program-calls.ts'
import { carries } from './tunnel-checks.ts'

const echo = await startEcho({ port: 0, host: '127.0.0.1' })

const methods = {
  echoPort: () => echo.port,
  prepareGround,
  carries,
}
export type NetworkPlaceMethods = typeof methods

answerCalls(methods)
