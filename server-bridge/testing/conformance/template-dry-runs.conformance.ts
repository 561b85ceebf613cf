import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { ProvisionerJobLog } from '../../contract/provisioner-jobs.ts'
import { templateDryRunsRoutes } from '../../contract/template-dry-runs.ts'
import { WebSocket } from 'ws'
import { rawRequest } from '../raw-request.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, importVersion } from '../workspace-actions.ts'

const source = `
variable "prefix" {
  default = "ws"
}
data "coder_workspace" "me" {}
data "coder_parameter" "count" {
  name    = "count"
  type    = "number"
  default = 1
  validation {
    min = 1
    max = 3
  }
}
resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
}
resource "coder_metadata" "info" {
  resource_id = coder_agent.main.id
  item {
    key   = "who"
    value = "\${var.prefix}-\${data.coder_workspace.me.name}-\${data.coder_parameter.count.value}"
  }
}
`

let server: TestServer
let owner: CoderClient
let member: CoderClient
let versionId: string
const unknown = '00000000-0000-4000-8000-000000000000'
const gate = createHeldProvisioner('build')

beforeAll(async () => {
  server = await startTestServer({ provisioner: gate.provisioner })
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
  versionId = (await createTemplate(owner, 'planned', source)).active_version_id
})
afterAll(() => server.close())

const create = (client: CoderClient, body: object = {}, templateversion = versionId) =>
  client.call(templateDryRunsRoutes.create, { params: { templateversion }, body })
const of = (provisionerjob: string) => ({ params: { templateversion: versionId, provisionerjob } })
const ended = (id: string, client = member) =>
  waitFor('the dry run ends', async () => {
    const job = await client.call(templateDryRunsRoutes.get, of(id))
    return job.completed_at === undefined ? undefined : job
  })

describe('a dry run', () => {
  it('is a job of its own that plans without making anything', async () => {
    const job = await create(member, {
      workspace_name: 'planned-one',
      rich_parameter_values: [{ name: 'count', value: '2' }],
      user_variable_values: [{ name: 'prefix', value: 'dev' }],
    })
    expect(job).toMatchObject({ type: 'template_version_dry_run', input: { template_version_id: versionId } })
    const [entry] = server.deployment.services.auditLog.newest(1)
    expect(entry).toMatchObject({
      resource_type: 'template_version',
      resource_id: versionId,
      action: 'start',
    })
    expect((await ended(job.id)).status).toBe('succeeded')
    const resources = await member.call(templateDryRunsRoutes.resources, of(job.id))
    expect(resources).toMatchObject([
      {
        workspace_transition: 'start',
        metadata: [{ key: 'who', value: 'dev-planned-one-2' }],
        agents: [{ name: 'main' }],
      },
    ])
    expect(server.agentProcesses.size).toBe(0)
    const rows = await member.call(templateDryRunsRoutes.logs, { ...of(job.id), query: {} })
    expect(rows.length).toBeGreaterThan(1)
    expect(await followed(job.id)).toEqual(rows)
    const { url, headers } = member.socket(templateDryRunsRoutes.followLogs, { ...of(job.id), query: {} })
    const path = url.replace(/^ws/, 'http').replace(/\?.*/, '')
    expect((await rawRequest(`${path}?format=text`, { headers })).text).toMatch(/\[provisioner/)
    expect((await rawRequest(`${path}?follow`, { headers })).status).toBe(426)
    expect(await member.call(templateDryRunsRoutes.matchedProvisioners, of(job.id))).toMatchObject({
      count: 1,
      available: 1,
    })
  })

  const followed = (id: string): Promise<ProvisionerJobLog[]> =>
    new Promise((resolve, reject) => {
      const { url, headers } = member.socket(templateDryRunsRoutes.followLogs, {
        ...of(id),
        query: { follow: 'true' },
      })
      const socket = new WebSocket(url, { headers })
      const rows: ProvisionerJobLog[] = []
      socket.on('message', (data: Buffer) => rows.push(JSON.parse(data.toString()) as ProvisionerJobLog))
      socket.on('error', reject)
      socket.on('close', () => resolve(rows))
    })

  it('is refused at once for values and names that cannot be', async () => {
    await expect(
      create(member, { rich_parameter_values: [{ name: 'count', value: '9' }] }),
    ).rejects.toMatchObject({ status: 400, validations: [{ field: 'count' }] })
    await expect(create(member, { workspace_name: 'not ok' })).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'workspace_name' }],
    })
    const failed = await importVersion(owner, { 'main.tf': 'nonsense' })
    await expect(create(owner, {}, failed.id)).rejects.toMatchObject({ status: 400 })
    await expect(create(member, {}, failed.id)).rejects.toMatchObject({ status: 404 })
    await expect(create(member, {}, unknown)).rejects.toMatchObject({ status: 404 })
  })

  it('is canceled while it runs, and only then', async () => {
    gate.hold = true
    try {
      const { id } = await create(member)
      await expect(member.call(templateDryRunsRoutes.resources, of(id))).rejects.toMatchObject({
        status: 400,
      })
      const cancel = () => member.call(templateDryRunsRoutes.cancel, of(id))
      expect((await cancel()).message).toMatch(/canceled/)
      expect((await ended(id)).status).toBe('canceled')
      await expect(cancel()).rejects.toMatchObject({ status: 400 })
    } finally {
      gate.letGo()
    }
  })

  it('is for who asked for it, and for owners', async () => {
    const { id } = await create(member)
    const mallory = await server.memberClient('mallory')
    for (const route of [
      templateDryRunsRoutes.get,
      templateDryRunsRoutes.resources,
      templateDryRunsRoutes.logs,
      templateDryRunsRoutes.matchedProvisioners,
      templateDryRunsRoutes.cancel,
    ]) {
      await expect(mallory.call(route, of(id))).rejects.toMatchObject({ status: 403 })
      await expect(mallory.call(route, of(unknown))).rejects.toMatchObject({ status: 404 })
      await expect(mallory.call(route, of('junk'))).rejects.toMatchObject({ status: 400 })
    }
    expect((await ended(id, owner)).status).toBe('succeeded')
    const imported = (await importVersion(owner)).job.id
    await expect(owner.call(templateDryRunsRoutes.get, of(imported))).rejects.toMatchObject({ status: 404 })
  })
})
