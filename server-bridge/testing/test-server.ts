import type { CoderClient } from '../client/coder-client.ts'
import type { HostedProcess } from '../lib/process-host.ts'
import type { LocalDeployment } from '../server/local-deployment.ts'

/** A server as the suites see it: one of their own, or one that runs already. */
export interface TestServer {
  readonly deployment: LocalDeployment
  readonly url: string
  readonly dataDir: string
  /** Agent processes that were started and have not ended. */
  readonly agentProcesses: ReadonlySet<HostedProcess>
  /** Of the owner, who is made on the first call. */
  ownerClient(): Promise<CoderClient>
  /** Of an account, without its password. */
  clientOf(userId: string): Promise<CoderClient>
  /** A second account, a member's. */
  memberClient(username: string): Promise<CoderClient>
  client(token?: string): CoderClient
  /** Ends the server and starts it again on the same folder, after what is done to it meanwhile. */
  restart(meanwhile?: () => void): Promise<void>
  close(): Promise<void>
}
