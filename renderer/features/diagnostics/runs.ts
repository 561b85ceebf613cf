/** Checks and probes, running and last, by what they are about. They outlive a look at another page. */
import { create } from 'zustand'
import type { CheckReport } from '#ipc/diagnostics'
import type { WorkspaceProbe } from '#bridge/contract/workspace-probe'
import { errorWords } from '../../api/error-words.ts'
import type { Input, SubscriptionName } from '../../api/procedure-types.ts'
import type { RpcClient } from '../../api/rpc-client.ts'

export interface Run<T> {
  /** What it told last. */
  readonly told: T | undefined
  readonly at: number
  /** Of one that runs. */
  readonly cancel: (() => void) | undefined
  /** Why it ended without a result: a sentence. */
  readonly problem: string | undefined
}

type Runs<T> = Readonly<Record<string, Run<T> | undefined>>

const useCheckRuns = create<Runs<CheckReport>>(() => ({}))
const useProbeRuns = create<Runs<WorkspaceProbe>>(() => ({}))

export function useCheckRun(deploymentId: string): Run<CheckReport> | undefined {
  return useCheckRuns((runs) => runs[deploymentId])
}

const probeKey = ({
  deploymentId,
  workspaceId,
}: {
  readonly deploymentId: string
  readonly workspaceId: string
}) => `${deploymentId}/${workspaceId}`

export function useProbeRun(deploymentId: string, workspaceId: string): Run<WorkspaceProbe> | undefined {
  return useProbeRuns((runs) => runs[probeKey({ deploymentId, workspaceId })])
}

/** Runs the checks of a deployment anew. */
export function runChecks(client: RpcClient, deploymentId: string): void {
  follow(client, 'diagnostics.runChecks', { deploymentId }, { store: useCheckRuns, key: deploymentId })
}

/** Pings a workspace, or tries its speed as well. */
export function runProbe(client: RpcClient, input: Input<'diagnostics.probeWorkspace'>): void {
  follow(client, 'diagnostics.probeWorkspace', input, { store: useProbeRuns, key: probeKey(input) })
}

/** For tests: as if nothing had been run. */
export function forgetRuns(): void {
  useCheckRuns.setState({}, true)
  useProbeRuns.setState({}, true)
}

interface Place<T> {
  readonly store: { readonly getState: () => Runs<T>; readonly setState: (runs: Runs<T>) => void }
  readonly key: string
}

function follow<N extends SubscriptionName, T>(
  client: RpcClient,
  name: N,
  input: Input<N>,
  { store, key }: Place<T>,
): void {
  store.getState()[key]?.cancel?.()
  const change = (run: Partial<Run<T>>): void => {
    const before = store.getState()[key]
    const next = { told: undefined, at: Date.now(), cancel: undefined, problem: undefined, ...before, ...run }
    store.setState({ [key]: next })
  }
  const stop = client.subscribe(name, input, {
    next: (told) => change({ told: told as T }),
    error: (error) => change({ cancel: undefined, problem: errorWords(error).message }),
    done: () => change({ cancel: undefined }),
  })
  const cancel = (): void => {
    stop()
    change({ cancel: undefined, problem: 'Cancelled.' })
  }
  store.setState({ [key]: { told: undefined, at: Date.now(), cancel, problem: undefined } })
}
