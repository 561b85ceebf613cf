/** The probes of workspaces that run now, by request: a connection of its own each, so that what is measured is the way. */
import type { Client } from 'ssh2'
import { connectionText, type ConnectionLog, type ConnectionState } from '../../contract/connection-events.ts'
import type { MainToBridge } from '../../contract/bridge-port.ts'
import type { WorkspaceProbe } from '../../contract/workspace-probe.ts'
import type { Clock } from '../../lib/clock.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { explainNoWayIn, findAgent } from '../ssh/find-agent.ts'
import { connectSsh } from '../ssh/ssh-connection.ts'
import { measurePing } from './measure-ping.ts'
import { measureDownload, measureUpload, type Amount } from './measure-speed.ts'

type ProbeRequest = Omit<Extract<MainToBridge, { readonly type: 'probe-workspace' }>, 'type'>

export interface WorkspaceProbes {
  start(request: ProbeRequest): void
  /** Ends one; nothing more is told of it. */
  cancel(requestId: string): void
  /** The same as main's messages say it. */
  obey(message: Extract<MainToBridge, { readonly type: 'probe-workspace' | 'cancel-probe' }>): void
  /** Ends all. */
  close(): void
}

/** More at a time measure each other. */
const maxProbes = 4
/** Between two reports of one amount. */
const reportMs = 200
/** A probe that hangs ends with a sentence. Two directions with their drains fit into it. */
const maxMs = 60_000

const cancelled = new Error('It was cancelled.')

const nothing: WorkspaceProbe = {
  phase: 'connecting',
  roundTripsMs: [],
  download: null,
  upload: null,
  reason: null,
}

interface Deps {
  readonly accessOf: (deploymentId: string) => DeploymentAccess | undefined
  readonly clock: Clock
  readonly log: ConnectionLog
  readonly onProgress: (requestId: string, probe: WorkspaceProbe) => void
}

export function createWorkspaceProbes(deps: Deps): WorkspaceProbes {
  const running = new Map<string, AbortController>()

  const cancel = (requestId: string): void => {
    running.get(requestId)?.abort(cancelled)
    running.delete(requestId)
  }

  const start = (request: ProbeRequest): void => {
    const { requestId } = request
    if (running.size >= maxProbes) {
      const reason = 'Other measurements run. Try again when one has ended.'
      deps.onProgress(requestId, { ...nothing, phase: 'failed', reason })
      return
    }
    const controller = new AbortController()
    running.set(requestId, controller)
    let last = nothing
    const tell = (change: Partial<WorkspaceProbe>) => {
      last = { ...last, ...change }
      if (running.get(requestId) === controller) deps.onProgress(requestId, last)
    }
    const stopTimer = deps.clock.after(maxMs, () => {
      controller.abort(new Error('The workspace did not answer in time.'))
    })
    tell({})
    void runProbe(request, { ...deps, tell, signal: controller.signal })
      .then(
        () => {
          tell({ phase: 'done' })
        },
        (thrown: unknown) => {
          const { reason } = explainNoWayIn(thrown)
          tell({ phase: 'failed', reason: connectionText(reason) })
        },
      )
      .finally(() => {
        stopTimer()
        running.delete(requestId)
      })
  }

  return {
    start,
    cancel,
    obey(message) {
      if (message.type === 'probe-workspace') start(message)
      else cancel(message.requestId)
    },
    close() {
      for (const requestId of [...running.keys()]) cancel(requestId)
    },
  }
}

interface Run extends Deps {
  readonly tell: (change: Partial<WorkspaceProbe>) => void
  readonly signal: AbortSignal
}

async function runProbe(request: ProbeRequest, run: Run): Promise<void> {
  const { signal, tell, clock } = run
  const note = noteFor(request, run)
  note({ kind: 'connecting' })
  let ssh: Client | undefined
  const end = () => {
    ssh?.destroy()
  }
  try {
    ssh = await connect(request, run)
    signal.addEventListener('abort', end, { once: true })
    note({ kind: 'open' })
    tell({ phase: 'ping' })
    const roundTripsMs: number[] = []
    await measurePing(ssh, signal, (ms) => {
      roundTripsMs.push(ms)
      tell({ roundTripsMs: [...roundTripsMs] })
    })
    if (request.kind === 'speed') {
      const options = { ssh, clock, signal }
      tell({ phase: 'download' })
      const tellDownload = seldom((download: Amount) => tell({ download }))
      tell({ download: await measureDownload({ ...options, onAmount: tellDownload }) })
      tell({ phase: 'upload' })
      const tellUpload = seldom((upload: Amount) => tell({ upload }))
      tell({ upload: await measureUpload({ ...options, onAmount: tellUpload }) })
    }
    note({ kind: 'closed' })
  } catch (thrown) {
    // What broke since it was ended says only that.
    const why: unknown = signal.aborted ? signal.reason : thrown
    const { reason, hopeless } = explainNoWayIn(why)
    if (why === cancelled) note({ kind: 'closed' })
    else note({ kind: 'failed', code: hopeless ?? 'refused', reason: connectionText(reason) })
    throw why
  } finally {
    signal.removeEventListener('abort', end)
    ssh?.end()
  }
}

async function connect(request: ProbeRequest, { accessOf, signal }: Run): Promise<Client> {
  const access = accessOf(request.deploymentId)
  if (access === undefined) throw new Error('This deployment is not signed in.')
  const target = await findAgent(access.client, request, signal)
  const stream = await access.transport.open(target, signal)
  const end = () => {
    stream.destroy()
  }
  signal.addEventListener('abort', end, { once: true })
  stream.once('close', () => {
    signal.removeEventListener('abort', end)
  })
  return connectSsh(stream)
}

function noteFor(request: ProbeRequest, { log, clock }: Run): (state: ConnectionState) => void {
  const { deploymentId, workspaceId } = request
  return (state) => {
    log.report({
      what: 'ssh',
      connectionId: workspaceId,
      deploymentId,
      workspaceId,
      agentId: null,
      name: request.kind === 'ping' ? 'ping' : 'speed test',
      at: clock.now(),
      state,
    })
  }
}

/** Lets through what comes at most every {@link reportMs}. */
function seldom<T>(run: (value: T) => void): (value: T) => void {
  let lastAt = -Infinity
  return (value) => {
    const now = performance.now()
    if (now - lastAt < reportMs) return
    lastAt = now
    run(value)
  }
}
