import type { ConnectionKind } from '#bridge/contract/connection-events'
import type { WorkspaceProbe, ProbeKind } from '#bridge/contract/workspace-probe'
import type { CheckRoute } from '#bridge/client/checks/check-route'
import { runChecks } from '#bridge/client/checks/run-checks'
import type { Clock } from '#bridge/lib/clock'
import { redactText } from '#bridge/lib/redact'
import type { Contract } from '#ipc/contract'
import type { CheckReport, TimelineEntry, WorkspaceLinkView } from '#ipc/diagnostics'
import { combineLive } from '../../lib/combine-live.ts'
import {
  createLiveValue,
  streamLatest,
  type LiveValue,
  type WritableLiveValue,
} from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import { withTexts, type ConnectionTimeline } from './connection-timeline.ts'
import type { LatencyHistory } from './latency-history.ts'
import { saveBundle } from './save-bundle.ts'
import type { Bundle } from './support-bundle.ts'

/** What the checks and the timeline need of a deployment's connection. */
export interface WatchedDeployment {
  readonly view: LiveValue<{ readonly url: string; readonly state: { readonly kind: string } }>
  readonly session: LiveValue<{ readonly token: string } | undefined>
  retry(): void
  check(): void
}

export interface DiagnosticsHandlersDeps {
  /** @throws {ProcedureError} `deployment_unknown` */
  readonly connection: (deploymentId: string) => WatchedDeployment
  readonly bridge: {
    retryConnection(what: ConnectionKind, connectionId: string): void
    probeWorkspace(
      request: { readonly deploymentId: string; readonly workspaceId: string; readonly kind: ProbeKind },
      signal: AbortSignal,
    ): AsyncGenerator<WorkspaceProbe, void>
  }
  /** By which way a deployment is reached, as its settings and the system have it now. @throws {SecretsError} */
  readonly routeOf: (deploymentId: string, url: string) => Promise<CheckRoute>
  readonly timeline: ConnectionTimeline
  readonly latency: LatencyHistory
  readonly links: LiveValue<readonly WorkspaceLinkView[]>
  /** The last checks of each deployment. */
  readonly reports: WritableLiveValue<ReadonlyMap<string, CheckReport>>
  readonly collect: (options: { readonly leaveOutHosts: boolean }) => Promise<Bundle>
  readonly visible: LiveValue<boolean>
  readonly desktop: Pick<Desktop, 'chooseSavePath'>
  readonly userAgent: string
  readonly clock: Clock
}

const measureMs = 5_000
/** Of each file of a bundle, for the eye. */
const previewChars = 4_000

/** The procedures of the diagnostics page. */
export function createDiagnosticsHandlers(
  deps: DiagnosticsHandlersDeps,
): FeatureHandlers<Contract['diagnostics']> {
  const { connection, bridge, timeline, latency, links, clock } = deps
  return {
    async *watch({ deploymentId }, { signal }) {
      const stop = measureOften(connection(deploymentId), deps)
      const all = combineLive([timeline.value, latency.value, links], () => ({
        latency: [...(latency.value.get().get(deploymentId) ?? [])],
        links: links.get().filter((link) => link.deploymentId === deploymentId),
        entries: timeline.value.get().entries.map(shown),
        current: [...timeline.value.get().current],
      }))
      try {
        yield* streamLatest(all, signal)
      } finally {
        stop()
      }
    },
    retry({ deploymentId, what, connectionId }) {
      if (what === 'deployment') connection(deploymentId).retry()
      else bridge.retryConnection(what, connectionId)
      return null
    },
    runChecks: ({ deploymentId }, { signal }) => streamChecks(deploymentId, deps, signal),
    async *probeWorkspace(request, { signal }) {
      connection(request.deploymentId)
      yield* bridge.probeWorkspace(request, signal)
    },
    async previewBundle(options) {
      const { files, secretsMasked, note } = await deps.collect(options)
      return {
        files: files.map(({ name, about, text }) => ({
          name,
          about,
          bytes: Buffer.byteLength(text),
          text: text.length > previewChars ? `${text.slice(0, previewChars)}\n…` : text,
        })),
        secretsMasked,
        note,
      }
    },
    async saveBundle(options) {
      return { saved: await saveBundle(await deps.collect(options), { ...deps, now: clock.now() }) }
    },
  }
}

/** As a window sees it: without what looks like a secret. */
function shown(entry: TimelineEntry): TimelineEntry {
  return { ...entry, event: withTexts(entry.event, redactText) }
}

/** Somebody looks at the numbers, so they come often. Never two at a time: a slow server is not asked more. */
function measureOften(
  deployment: WatchedDeployment,
  { clock, visible }: Pick<DiagnosticsHandlersDeps, 'clock' | 'visible'>,
): () => void {
  let asked: unknown
  return clock.every(measureMs, () => {
    const { state } = deployment.view.get()
    if (!visible.get() || state === asked) return
    asked = state
    deployment.check()
  })
}

async function* streamChecks(
  deploymentId: string,
  deps: DiagnosticsHandlersDeps,
  signal: AbortSignal,
): AsyncGenerator<CheckReport, void> {
  const { connection, routeOf, userAgent, clock, reports } = deps
  const { view, session } = connection(deploymentId)
  const { url } = view.get()
  if (url === '')
    throw new ProcedureError('unreachable', 'The local server does not run, so there is nothing to check.')
  const route = await routeOf(deploymentId, url)
  const report = createLiveValue<CheckReport>({
    deploymentId,
    startedAt: clock.now(),
    route: route.words,
    checks: [],
    isDone: false,
  })
  const token = session.get()?.token
  const ended = runChecks({
    url,
    token,
    route,
    userAgent,
    clock,
    signal,
    onChange: (checks) => report.set({ ...report.get(), checks: [...checks] }),
  }).finally(() => report.set({ ...report.get(), isDone: true }))
  // Awaited below, or cancelled.
  ended.catch(() => undefined)
  for await (const now of streamLatest(report, signal)) {
    if (now.isDone) {
      await ended
      reports.set(new Map(reports.get()).set(deploymentId, now))
    }
    yield now
    if (now.isDone) return
  }
}
