import type { WorkspaceTransport } from './workspace-transport.ts'

/**
 * The transport a deployment has, found out by asking it once: its own way where it lists one, else its command line.
 * What the question throws ends that attempt, and the next one asks again.
 */
export function createProbedTransport(ways: {
  readonly hasOwnWay: (signal: AbortSignal) => Promise<boolean>
  readonly own: WorkspaceTransport
  readonly cli: WorkspaceTransport
}): Pick<WorkspaceTransport, 'open'> {
  let chosen: WorkspaceTransport | undefined
  return {
    async open(target, signal, listener) {
      chosen ??= (await ways.hasOwnWay(signal)) ? ways.own : ways.cli
      listener?.onTransport?.(chosen.kind)
      return chosen.open(target, signal, listener)
    },
  }
}
