/** Starting our helper processes. Like `#bridge/lib/process-host`, with ports that can be transferred along. */
import type { HostedProcess, ProcessEntry } from '#bridge/lib/process-host'
import type { TransferablePort } from './windows.ts'

export interface HostedUtilityProcess extends HostedProcess {
  postWithPorts(message: unknown, ports: readonly TransferablePort[]): void
}

export interface UtilityProcessHost {
  spawn(entry: ProcessEntry): HostedUtilityProcess
}
