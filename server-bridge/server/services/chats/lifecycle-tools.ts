import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isJobFinished } from '../../../contract/provisioner-jobs.ts'
import { createWorkspaceRequestSchema } from '../../../contract/workspaces.ts'
import type { AuditEntry } from '../audit.ts'
import { parseTemplateSettings } from '../template-settings.ts'
import type { WorkspaceBuilds } from '../workspace-builds.ts'
import type { WorkspaceRow } from '../workspace-view.ts'
import type { Workspaces } from '../workspaces.ts'
import type { ChatStore } from './chat-store.ts'
import { defineOwnerTool, type OwnerTool, type OwnerToolContext } from './owner-tools.ts'
import { findTemplate, type TemplateToolsDeps } from './template-tools.ts'
import {
  type ReadinessDeps,
  waitForAgent,
  waitForBuild,
  type WatchedWorkspace,
} from './workspace-readiness.ts'

export interface LifecycleToolsDeps extends TemplateToolsDeps, ReadinessDeps {
  readonly workspaces: Workspaces
  readonly builds: WorkspaceBuilds
  readonly store: Pick<ChatStore, 'update' | 'find'>
  /** After how long a workspace that a chat made stops; 0: as its template has it. */
  readonly workspaceTtlMs: () => number
  /** Writes down what was done for the chat's owner. */
  readonly audit: (userId: string, entry: AuditEntry) => void
}

const parameters = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .optional()
  .describe('Values for the parameters of the template, by their names.')
const toValues = (values: z.output<typeof parameters> = {}) =>
  Object.entries(values).map(([name, value]) => ({ name, value: String(value) }))

/** Makes, starts and stops the workspace of a chat (agents-api 11). Nothing else ever starts one for a chat. */
export function createLifecycleTools(deps: LifecycleToolsDeps): readonly OwnerTool[] {
  const hasWorkspace = (chat: { readonly workspace_id: string | null }): boolean => chat.workspace_id !== null
  return [
    defineOwnerTool({
      name: 'create_workspace',
      description:
        'Makes a workspace of a template, waits until it can be used, and binds it to this chat. Needed before files can be read or commands run, where the chat has none.',
      args: z.object({
        template_id: z.guid(),
        name: z.string().max(32).optional().describe('Absent: one is made up.'),
        parameters,
        preset_id: z.guid().optional(),
      }),
      isOffered: () => true,
      run: (args, context) => createWorkspace(deps, args, context),
    }),
    defineOwnerTool({
      name: 'start_workspace',
      description: 'Starts the workspace of this chat, and waits until it can be used.',
      args: z.object({ parameters }),
      isOffered: hasWorkspace,
      run: (args, context) => startWorkspace(deps, toValues(args.parameters), context),
    }),
    defineOwnerTool({
      name: 'stop_workspace',
      description: 'Stops the workspace of this chat, with everything that runs in it. Its files stay.',
      args: z.object({}),
      isOffered: hasWorkspace,
      run: (_, context) => stopWorkspace(deps, context),
    }),
  ]
}

/** The workspace of the chat, as it is now. @throws for the model */
function boundWorkspace(
  deps: LifecycleToolsDeps,
  { chat, actor }: OwnerToolContext,
): WorkspaceRow | undefined {
  const id = deps.store.find(chat.id)?.workspace_id ?? null
  if (id === null) return undefined
  const row = deps.workspaces.find(id, actor)
  if (row.owner_id !== chat.owner_id)
    throw new Error('The workspace of this chat belongs to somebody else now.')
  return row.deleted === 1 ? undefined : row
}

function requireWorkspace(deps: LifecycleToolsDeps, context: OwnerToolContext): WorkspaceRow {
  const row = boundWorkspace(deps, context)
  if (!row) throw new Error('The workspace of this chat was deleted. create_workspace makes another.')
  return row
}

const watched = (
  { workspaces }: LifecycleToolsDeps,
  row: WorkspaceRow,
  { actor }: Pick<OwnerToolContext, 'actor'>,
): WatchedWorkspace => ({
  id: row.id,
  read: () => workspaces.toWire(workspaces.find(row.id, actor), actor.user.id),
})

async function createWorkspace(
  deps: LifecycleToolsDeps,
  args: {
    readonly template_id: string
    readonly name?: string | undefined
    readonly parameters?: z.output<typeof parameters>
    readonly preset_id?: string | undefined
  },
  context: OwnerToolContext,
) {
  const { chat, actor } = context
  // Also after a server that ended while it waited: the call is made again then (agents-api 12.1).
  const known = boundWorkspace(deps, context)
  if (known)
    return ready(deps, known, context, { created: false, message: 'The chat has this workspace already.' })
  const template = findTemplate(deps, args.template_id, actor)
  const ttlMs = deps.workspaceTtlMs()
  const request = createWorkspaceRequestSchema.safeParse({
    template_id: template.id,
    name: args.name ?? `${template.name.slice(0, 20).replace(/-+$/, '')}-${randomBytes(3).toString('hex')}`,
    rich_parameter_values: toValues(args.parameters),
    ...(ttlMs > 0 ? { ttl_ms: ttlMs } : {}),
    ...(args.preset_id === undefined ? {} : { template_version_preset_id: args.preset_id }),
  })
  if (!request.success) throw new Error(`The arguments are not valid. ${z.prettifyError(request.error)}`)
  const row = deps.workspaces.create(actor.user, request.data, actor)
  deps.store.update(chat.id, { workspace_id: row.id })
  deps.audit(actor.user.id, entry(row, 'create'))
  return ready(deps, row, context, { created: true })
}

async function startWorkspace(
  deps: LifecycleToolsDeps,
  values: { readonly name: string; readonly value: string }[],
  context: OwnerToolContext,
) {
  const row = requireWorkspace(deps, context)
  const before = await settled(deps, row, context)
  if (before.transition === 'start' && before.job.status === 'succeeded')
    return ready(deps, row, context, { started: true, no_build: true })
  const template = deps.templates.get(row.template_id)
  const updates =
    row.automatic_updates === 'always' || parseTemplateSettings(template.settings).require_active_version
  const isUpdate = updates && before.template_version_id !== template.active_version_id
  deps.builds.create(
    row,
    {
      transition: 'start',
      rich_parameter_values: values,
      ...(isUpdate ? { template_version_id: template.active_version_id } : {}),
    },
    context.actor,
  )
  deps.audit(context.actor.user.id, entry(row, 'start'))
  const done = { started: true, ...(isUpdate ? { updated_to_active_version: true } : {}) }
  return ready(deps, row, context, done)
}

async function stopWorkspace(deps: LifecycleToolsDeps, context: OwnerToolContext) {
  const row = requireWorkspace(deps, context)
  const before = await settled(deps, row, context)
  if (before.transition === 'stop' && before.job.status === 'succeeded')
    return { result: { stopped: true, workspace_name: row.name, no_build: true } }
  const build = deps.builds.create(row, { transition: 'stop', rich_parameter_values: [] }, context.actor)
  deps.audit(context.actor.user.id, entry(row, 'stop'))
  const failure = await waitForBuild(deps, watched(deps, row, context), context.signal)
  return failure ?? { result: { stopped: true, workspace_name: row.name, build_id: build.id } }
}

/** The last build, once it is over: two at a time are refused. */
async function settled(deps: LifecycleToolsDeps, row: WorkspaceRow, context: OwnerToolContext) {
  const workspace = watched(deps, row, context)
  if (!isJobFinished(workspace.read().latest_build.job.status))
    await waitForBuild(deps, workspace, context.signal)
  return workspace.read().latest_build
}

/** What is answered about a workspace that was made or started: `done`, and how far it came. */
async function ready(
  deps: LifecycleToolsDeps,
  row: WorkspaceRow,
  context: OwnerToolContext,
  done: Readonly<Record<string, unknown>>,
) {
  const workspace = watched(deps, row, context)
  const failure = await waitForBuild(deps, workspace, context.signal)
  if (failure) return failure
  const { id: build_id, status } = workspace.read().latest_build
  // One that was stopped is not started unasked.
  const agent = status === 'running' ? await waitForAgent(deps, workspace, context.signal) : {}
  const build = done['no_build'] === true ? {} : { build_id }
  return { result: { ...done, workspace_name: row.name, ...build, status, ...agent } }
}

const entry = (row: WorkspaceRow, action: AuditEntry['action']): AuditEntry => ({
  resourceType: 'workspace',
  resourceId: row.id,
  resourceTarget: row.name,
  action,
  organizationId: row.organization_id,
})
