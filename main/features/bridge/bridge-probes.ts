/** Probes of workspaces that the bridge runs for windows. */
import { randomUUID } from 'node:crypto'
import type { MainToBridge } from '#bridge/contract/bridge-port'
import type { WorkspaceProbe } from '#bridge/contract/workspace-probe'
import { createLiveValue, streamLatest, type WritableLiveValue } from '../../lib/live-value.ts'
import { bridgeDown } from './bridge-requests.ts'

export type ProbeRequest = Omit<
  Extract<MainToBridge, { readonly type: 'probe-workspace' }>,
  'type' | 'requestId'
>

type Post = (message: MainToBridge) => void

export interface BridgeProbes {
  /** Tells how far it is and ends with the result. Aborting cancels it at the bridge. @throws {ProcedureError} `bridge_down` */
  run(
    post: Post | undefined,
    request: ProbeRequest,
    signal: AbortSignal,
  ): AsyncGenerator<WorkspaceProbe, void>
  progress(requestId: string, probe: WorkspaceProbe): void
  /** The process ended: nobody will answer. */
  lost(): void
}

const isOver = ({ phase }: WorkspaceProbe): boolean => phase === 'done' || phase === 'failed'

export function createBridgeProbes(): BridgeProbes {
  const open = new Map<string, WritableLiveValue<WorkspaceProbe | 'lost' | undefined>>()
  return {
    async *run(post, request, signal) {
      if (post === undefined) throw bridgeDown()
      const requestId = randomUUID()
      const told = createLiveValue<WorkspaceProbe | 'lost' | undefined>(undefined)
      open.set(requestId, told)
      try {
        post({ type: 'probe-workspace', requestId, ...request })
        for await (const probe of streamLatest(told, signal)) {
          if (probe === 'lost') throw bridgeDown()
          if (probe === undefined) continue
          yield probe
          if (isOver(probe)) return
        }
      } finally {
        open.delete(requestId)
        const last = told.get()
        if (last === undefined || (last !== 'lost' && !isOver(last)))
          post({ type: 'cancel-probe', requestId })
      }
    },
    progress(requestId, probe) {
      open.get(requestId)?.set(probe)
    },
    lost() {
      for (const told of open.values()) told.set('lost')
    },
  }
}
