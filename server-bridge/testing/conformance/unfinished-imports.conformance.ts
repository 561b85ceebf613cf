/** What needs a template version answers, until its import has ended, that it is too early. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { dynamicParametersRoutes } from '../../contract/dynamic-parameters.ts'
import { templateDryRunsRoutes } from '../../contract/template-dry-runs.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { createQuietTemplate, createQuietWorkspace, quietTemplate } from '../quiet-workspaces.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { templateArchive } from '../template-archive.ts'

const gate = createHeldProvisioner('importVersion')
let server: TestServer
let owner: CoderClient
let workspaceId: string
let versionId: string

beforeAll(async () => {
  server = await startTestServer({ provisioner: gate.provisioner })
  owner = await server.ownerClient()
  const template = await createQuietTemplate(owner, 'quiet')
  workspaceId = (await createQuietWorkspace(owner, template, 'alpha')).id
  gate.hold = true
  const { hash } = await owner.upload(templateArchive({ 'main.tf': quietTemplate }), 'application/x-tar')
  const { id } = await owner.call(templateVersionsRoutes.create, {
    params: { organization: 'default' },
    body: { storage_method: 'file', provisioner: 'terraform', file_id: hash, template_id: template.id },
  })
  versionId = id
})
afterAll(async () => {
  gate.letGo()
  await server.close()
})

it('no workspace is built of it', async () => {
  const body = () => ({ template_version_id: versionId, name: 'beta' })
  const early = { status: 406, message: expect.stringMatching(/Wait for it to complete importing/) as string }
  await expect(
    owner.call(workspacesRoutes.create, { params: { user: 'me' }, body: body() }),
  ).rejects.toMatchObject(early)
  await expect(
    owner.call(workspacesRoutes.createOfMember, {
      params: { organization: 'default', user: 'me' },
      body: body(),
    }),
  ).rejects.toMatchObject(early)
  await expect(
    owner.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspaceId },
      body: { transition: 'start', template_version_id: versionId },
    }),
  ).rejects.toMatchObject(early)
})

it('nothing of it is planned, and its parameters cannot be tried', async () => {
  const params = { params: { templateversion: versionId } }
  await expect(owner.call(templateDryRunsRoutes.create, { ...params, body: {} })).rejects.toMatchObject({
    status: 425,
  })
  await expect(
    owner.call(dynamicParametersRoutes.evaluate, { ...params, body: { id: 0, inputs: {} } }),
  ).rejects.toMatchObject({ status: 425 })
  const { url, headers } = owner.socket(dynamicParametersRoutes.connect, params)
  const answer = await rawRequest(url.replace(/^ws/, 'http'), { headers: { ...headers, ...upgradeHeaders } })
  expect(answer.status).toBe(425)
})
