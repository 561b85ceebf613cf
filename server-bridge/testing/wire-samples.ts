import { workspaceSchema } from '../contract/workspaces.ts'
import type { Workspace } from '../contract/workspaces.ts'

export const sampleId = '3b579bf4-1ed8-4b99-87a8-e9a1e3410410'
export const sampleTime = '2026-08-21T12:58:12.123456Z'

/** A running workspace with as little as a server may say. */
export function sampleWorkspace(changes: Partial<Workspace> = {}): Workspace {
  return workspaceSchema.parse({
    id: sampleId,
    created_at: sampleTime,
    owner_id: sampleId,
    owner_name: 'ann',
    organization_id: sampleId,
    template_id: sampleId,
    name: 'dev',
    latest_build: {
      id: sampleId,
      created_at: sampleTime,
      workspace_id: sampleId,
      template_version_id: sampleId,
      build_number: 1,
      transition: 'start',
      job: { id: sampleId, created_at: sampleTime, status: 'succeeded' },
      status: 'running',
    },
    ...changes,
  })
}

/** The build info of a Coder server. */
export const sampleBuildInfo = {
  external_url: 'https://github.com/coder/coder/commit/abc',
  version: 'v2.31.0',
  dashboard_url: 'https://coder.example.com',
  telemetry: false,
  workspace_proxy: false,
  agent_api_version: '1.0',
  provisioner_api_version: '1.17',
  upgrade_message: '',
  deployment_id: sampleId,
}
