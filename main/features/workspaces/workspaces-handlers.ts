import { followAgentLogs, followBuildLogs, type FollowLogsOptions } from '#bridge/client/follow-logs'
import { watchWorkspace } from '#bridge/client/watch-workspace'
import { workspaceBuildsRoutes } from '#bridge/contract/workspace-builds'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { Contract } from '#ipc/contract'
import { streamLatest } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { CallContext, FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { WorkspaceApps } from './open-app.ts'
import { followSession, type SessionStreamInput } from './session-stream.ts'
import type { WorkspaceChanges } from './workspace-changes.ts'
import type { WorkspaceListState } from './workspace-list.ts'
import type { WorkspaceLists } from './workspace-lists.ts'

export interface WorkspacesHandlersDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  readonly lists: WorkspaceLists
  readonly changes: WorkspaceChanges
  readonly apps: WorkspaceApps
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

/** The procedures around workspaces, their builds and logs. */
export function createWorkspacesHandlers(
  deps: WorkspacesHandlersDeps,
): FeatureHandlers<Contract['workspaces']> {
  const { connection, changes, apps, lists } = deps
  return {
    async *watchList({ deploymentId, q }, { signal }) {
      const opened = connection(deploymentId)
      const list = lists.open(deploymentId, opened, q)
      try {
        const ended = AbortSignal.any([signal, opened.closed])
        for await (const state of streamLatest(list.state, ended)) {
          const answer = answerOf(state)
          if (answer !== undefined) yield answer
        }
        if (!signal.aborted)
          throw new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
      } finally {
        list.release()
      }
    },
    watch: (input, call) => watchOne(deps, input, call),
    create: (input) => changes.create(input),
    start: (input) => changes.build(input, 'start'),
    stop: (input) => changes.build(input, 'stop'),
    delete: ({ confirmName, ...target }) => changes.delete(target, confirmName),
    async cancelBuild({ deploymentId, buildId }) {
      await changes.cancelBuild(deploymentId, buildId)
      return null
    },
    async setFavorite({ favorite, ...target }) {
      await changes.setFavorite(target, favorite)
      return null
    },
    listBuilds: ({ deploymentId, workspaceId }, { signal }) =>
      connection(deploymentId).call((client) =>
        client.call(workspaceBuildsRoutes.list, { params: { workspace: workspaceId } }, { signal }),
      ),
    openApp: async (target, { signal }) => ({ opened: await apps.open(target, signal) }),
    sshCommand: async (target, { signal }) => ({ command: await apps.sshCommand(target, signal) }),
    followBuildLogs: ({ deploymentId, buildId }, call) =>
      followRows(deps, { deploymentId, call, open: (options) => followBuildLogs(buildId, options) }),
    followAgentLogs: ({ deploymentId, agentId }, call) =>
      followRows(deps, { deploymentId, call, open: (options) => followAgentLogs(agentId, options) }),
  }
}

function answerOf(state: WorkspaceListState) {
  switch (state.kind) {
    case 'loading':
      return undefined
    case 'loaded':
      return state.answer
    case 'refused':
      throw state.error
  }
}

/** One workspace until it is deleted. */
async function* watchOne(
  deps: WorkspacesHandlersDeps,
  { deploymentId, workspaceId }: { readonly deploymentId: string; readonly workspaceId: string },
  { signal }: CallContext,
): AsyncGenerator<Workspace, void> {
  const { clock, random, logger } = deps
  const stream = followSession<Workspace>({
    connection: deps.connection(deploymentId),
    signal,
    keep: 'latest',
    open: (session, sink) =>
      watchWorkspace({
        client: session.client,
        workspaceId,
        onWorkspace: (workspace) => sink.push(workspace),
        onState: (state) => sink.onState(state),
        clock,
        random,
        logger,
      }),
    refine: (code, reason) =>
      code === 'gone'
        ? new ProcedureError('deleted', 'This workspace has been deleted.', { cause: new Error(reason) })
        : undefined,
  })
  for await (const workspace of stream) {
    yield workspace
    if (workspace.latest_build.status === 'deleted') return
  }
}

interface FollowRowsInput<Row extends { readonly output: string }> {
  readonly deploymentId: string
  readonly call: CallContext
  readonly open: (options: FollowLogsOptions<Row>) => ReturnType<SessionStreamInput<Row[]>['open']>
}

/** Coder cuts a log at 1 MiB; what sends much more is no log any more. */
const MAX_LOG_CHARACTERS = 16 * 1024 * 1024
/** What a row takes beside its texts: a log of empty lines has an end, too. */
const ROW_COST = 64

function sizeOf(row: object): number {
  return Object.values(row).reduce(
    (size: number, value: unknown) => size + (typeof value === 'string' ? value.length : 0),
    ROW_COST,
  )
}

/** Log rows in batches, each row once, also over a new session. */
function followRows<Row extends { readonly id: number; readonly output: string }>(
  deps: WorkspacesHandlersDeps,
  { deploymentId, call, open }: FollowRowsInput<Row>,
): AsyncGenerator<Row[], void> {
  const { clock, random, logger } = deps
  let after = 0
  let characters = 0
  return followSession<Row[]>({
    connection: deps.connection(deploymentId),
    signal: call.signal,
    keep: 'all',
    open: (session, sink) =>
      open({
        client: session.client,
        after,
        onRows(rows) {
          after = rows.at(-1)?.id ?? after
          for (const row of rows) characters += sizeOf(row)
          if (characters > MAX_LOG_CHARACTERS) {
            sink.fail(new ProcedureError('deployment_error', 'This log is too long to be shown here.'))
            return
          }
          sink.push([...rows])
        },
        onState: (state) => sink.onState(state),
        clock,
        random,
        logger,
      }),
  })
}
