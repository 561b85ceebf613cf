/** What the user does to workspaces: each tells the lists to look again, and each failure has its own words. */
import type { CoderClient } from '#bridge/client/coder-client'
import type { CoderApiError } from '#bridge/client/errors'
import { workspaceBuildsRoutes, type WorkspaceBuild } from '#bridge/contract/workspace-builds'
import type { WorkspaceTransition } from '#bridge/contract/workspace-transition'
import { workspacesRoutes, type Workspace } from '#bridge/contract/workspaces'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection, RefineFailure } from '../deployments/connection.ts'

interface ParameterValue {
  readonly name: string
  readonly value: string
}

interface CreateWorkspaceInput {
  readonly deploymentId: string
  readonly templateId: string
  readonly name: string
  readonly parameterValues: readonly ParameterValue[]
}

interface WorkspaceRef {
  readonly deploymentId: string
  readonly workspaceId: string
}

export interface WorkspaceChanges {
  create(input: CreateWorkspaceInput): Promise<Workspace>
  build(
    target: WorkspaceRef,
    transition: WorkspaceTransition & ('start' | 'stop' | 'delete'),
  ): Promise<WorkspaceBuild>
  delete(target: WorkspaceRef, confirmName: string): Promise<WorkspaceBuild>
  cancelBuild(deploymentId: string, buildId: string): Promise<void>
  setFavorite(target: WorkspaceRef, favorite: boolean): Promise<void>
}

export interface WorkspaceChangesDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  /** Called after each change, also one that failed: the list may be what was out of date. */
  readonly changed: (deploymentId: string) => void
}

/** Makes the changes over the deployments' connections. */
export function createWorkspaceChanges({ connection, changed }: WorkspaceChangesDeps): WorkspaceChanges {
  const change = async <T>(
    deploymentId: string,
    work: (client: CoderClient) => Promise<T>,
    refine: RefineFailure,
  ): Promise<T> => {
    try {
      return await connection(deploymentId).call(work, refine)
    } finally {
      changed(deploymentId)
    }
  }
  const build: WorkspaceChanges['build'] = ({ deploymentId, workspaceId }, transition) =>
    change(
      deploymentId,
      (client) =>
        client.call(workspaceBuildsRoutes.create, {
          params: { workspace: workspaceId },
          body: { transition, reason: 'dashboard' },
        }),
      refineBuild,
    )
  return {
    create: ({ deploymentId, templateId, name, parameterValues }) =>
      change(
        deploymentId,
        (client) =>
          client.call(workspacesRoutes.create, {
            params: { user: 'me' },
            body: { template_id: templateId, name, rich_parameter_values: [...parameterValues] },
          }),
        (error) => refineCreate(error, name),
      ),
    build,
    async delete(target, confirmName) {
      const { name } = await connection(target.deploymentId).call((client) =>
        client.call(workspacesRoutes.get, { params: { workspace: target.workspaceId } }),
      )
      if (name !== confirmName) {
        throw new ProcedureError('name_mismatch', `The name you typed is not "${name}". Nothing was deleted.`)
      }
      return await build(target, 'delete')
    },
    async cancelBuild(deploymentId, buildId) {
      await change(
        deploymentId,
        (client) => client.call(workspaceBuildsRoutes.cancel, { params: { workspacebuild: buildId } }),
        (error) =>
          error.code === 'invalid' || error.code === 'precondition_failed'
            ? new ProcedureError('already_finished', 'The build has already ended.', { cause: error })
            : undefined,
      )
    },
    async setFavorite({ deploymentId, workspaceId }, favorite) {
      const route = favorite ? workspacesRoutes.favorite : workspacesRoutes.unfavorite
      await change(
        deploymentId,
        (client) => client.call(route, { params: { workspace: workspaceId } }),
        () => undefined,
      )
    },
  }
}

/** A 409 is the name, a 400 with validations is about fields: the dialog shows each at its field. */
function refineCreate(error: CoderApiError, name: string): ProcedureError | undefined {
  if (error.code === 'conflict') {
    return new ProcedureError(
      'name_taken',
      `You already have a workspace named "${name}". Choose another name.`,
      {
        details: { validations: [{ field: 'name', detail: 'This name is already in use.' }] },
        cause: error,
      },
    )
  }
  return refineParameters(error)
}

function refineBuild(error: CoderApiError): ProcedureError | undefined {
  if (error.code === 'conflict') {
    return new ProcedureError(
      'build_running',
      'Another build of this workspace is still running. Wait for it to end, or cancel it.',
      { cause: error },
    )
  }
  return refineParameters(error)
}

function refineParameters(error: CoderApiError): ProcedureError | undefined {
  if (error.code !== 'invalid' || error.validations.length === 0) return undefined
  const validations = error.validations.map(({ field, detail }) => ({ field, detail }))
  return new ProcedureError('invalid_parameters', error.message, {
    details: { validations, ...(error.detail === undefined ? {} : { detail: error.detail }) },
    cause: error,
  })
}
