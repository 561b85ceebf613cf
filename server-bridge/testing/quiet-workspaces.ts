import type { CoderClient } from '../client/coder-client.ts'
import type { CreateTemplateRequest, Template } from '../contract/templates.ts'
import { templatesRoutes } from '../contract/templates.ts'
import { isJobFinished } from '../contract/provisioner-jobs.ts'
import { type Workspace, workspacesRoutes } from '../contract/workspaces.ts'
import { waitFor } from './wait-for.ts'
import { getWorkspace, importVersion } from './workspace-actions.ts'

/** Nothing runs in its workspaces, so their builds are quick and no agent has an opinion about the time. */
export const quietTemplate = `
terraform {
  required_providers {
    coder = { source = "coder/coder" }
  }
}

data "coder_workspace" "me" {}

data "coder_parameter" "greeting" {
  name    = "greeting"
  type    = "string"
  default = "hello"
  mutable = true
}
`

/** A template without agents, with the given policy. */
export async function createQuietTemplate(
  client: CoderClient,
  name: string,
  policy: Partial<CreateTemplateRequest> = {},
): Promise<Template> {
  const version = await importVersion(client, { 'main.tf': quietTemplate })
  return client.call(templatesRoutes.create, {
    params: { organization: 'default' },
    body: { name, template_version_id: version.id, ...policy },
  })
}

/** Waits until the latest build has ended, and until there are so many builds if a number is given. */
export async function settledWorkspace(client: CoderClient, id: string, builds = 1): Promise<Workspace> {
  return waitFor(`build ${builds} has ended`, async () => {
    const workspace = await getWorkspace(client, id)
    const { build_number: number, job } = workspace.latest_build
    return number >= builds && isJobFinished(job.status) ? workspace : undefined
  })
}

/** A workspace of the caller whose first build has ended. */
export async function createQuietWorkspace(
  client: CoderClient,
  template: Pick<Template, 'id'>,
  name: string,
  more: object = {},
): Promise<Workspace> {
  const { id } = await client.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: { template_id: template.id, name, ...more },
  })
  return settledWorkspace(client, id)
}
