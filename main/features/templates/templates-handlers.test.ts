// Against a real local deployment in a process of its own, through the router.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCoderClient } from '#bridge/client/coder-client'
import { templatesRoutes } from '#bridge/contract/templates'
import { templateVersionsRoutes } from '#bridge/contract/template-versions'
import { isJobFinished } from '#bridge/contract/provisioner-jobs'
import { templateArchive } from '#bridge/testing/template-archive'
import { waitFor } from '#bridge/testing/wait-for'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000

let deployment: StandaloneDeployment
let harness: AppHarness

beforeAll(async () => {
  deployment = await startStandaloneDeployment()
  harness = await startHarness({ local: deployment })
  await untilConnected(harness.page)
}, TIMEOUT)
afterAll(async () => {
  await harness.close()
  await deployment.close()
}, TIMEOUT)

it(
  'says why a template has nothing to show when its import failed',
  async () => {
    const client = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
    const archive = templateArchive({ 'main.tf': 'resource "no_such_type" "here" {' })
    const { hash } = await client.upload(archive, 'application/x-tar')
    const version = await client.call(templateVersionsRoutes.create, {
      params: { organization: 'default' },
      body: { name: 'broken', storage_method: 'file', provisioner: 'terraform', file_id: hash, tags: {} },
    })
    // While it is being imported, as the shipped templates are made.
    const { id } = await client.call(templatesRoutes.create, {
      params: { organization: 'default' },
      body: { name: 'broken', template_version_id: version.id },
    })
    const params = { templateversion: version.id }
    await waitFor('the import has ended', async () => {
      const { job } = await client.call(templateVersionsRoutes.get, { params })
      return isJobFinished(job.status) ? true : undefined
    })
    const thrown = await harness.page
      .call('templates.get', { ...LOCAL, templateId: id })
      .catch((e: unknown) => e)
    expect(thrown).toBeInstanceOf(CallFailure)
    const { error } = thrown as CallFailure
    expect(error).toMatchObject({
      code: 'import_failed',
      details: { detail: expect.stringMatching(/main\.tf/) },
    })
    expect(error.message).toContain('Version broken')
  },
  TIMEOUT,
)
