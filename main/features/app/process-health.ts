import type { ProcedureOutput } from '#ipc/procedure'
import type { Contract } from '#ipc/contract'
import { combineLive } from '../../lib/combine-live.ts'
import type { LiveValue } from '../../lib/live-value.ts'
import type { SupervisedState } from '../../lib/supervised-process.ts'
import type { LocalServerStatus } from '../local-server/local-server.ts'

export type ProcessHealth = ProcedureOutput<Contract['app']['watchProcesses']>

/** The helper processes' health in the window's words. */
export function combineProcessHealth(
  bridge: LiveValue<SupervisedState>,
  localServer: LiveValue<LocalServerStatus>,
): LiveValue<ProcessHealth> {
  return combineLive([bridge, localServer], () => ({
    bridge: wordFor(bridge.get().kind),
    localServer: wordFor(localServer.get().kind),
  }))
}

function wordFor(kind: SupervisedState['kind'] | LocalServerStatus['kind']): ProcessHealth['bridge'] {
  switch (kind) {
    case 'ready':
    case 'running':
      return 'running'
    case 'stopped':
    case 'starting':
      return 'starting'
    case 'restarting':
    case 'failed':
      return kind
  }
}
