import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isJobFinished } from '../../contract/provisioner-jobs.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { createTemplateProvisioner } from '../../provisioner/template-provisioner.ts'
import { createStandInTerraform, type StandInTerraform } from '../stand-in-terraform.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { templateArchive } from '../template-archive.ts'
import { dockerScenario, dockerTemplate } from '../terraform-workspace.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, getWorkspace, runBuild } from '../workspace-actions.ts'

let folder: string
let server: TestServer
let terraform: StandInTerraform
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-stand-in-'))
  terraform = createStandInTerraform(folder, dockerScenario)
  const environment = { PATH: `${folder}:${process.env['PATH'] ?? ''}` }
  server = await startTestServer({ provisioner: createTemplateProvisioner({ environment }) })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a template for Terraform is imported, and its workspace starts with an agent on this machine', async () => {
  const client = await server.ownerClient()
  const { hash } = await client.upload(templateArchive({ 'main.tf': dockerTemplate }), 'application/x-tar')
  const body = { storage_method: 'file', provisioner: 'terraform', file_id: hash, tags: {} } as const
  const importWith = async (values: readonly { name: string; value: string }[]) => {
    const { id } = await client.call(templateVersionsRoutes.create, {
      params: { organization: 'default' },
      body: { ...body, user_variable_values: [...values] },
    })
    return waitFor('the version is imported', async () => {
      const version = await client.call(templateVersionsRoutes.get, { params: { templateversion: id } })
      return isJobFinished(version.job.status) ? version : undefined
    })
  }
  const incomplete = await importWith([])
  expect(incomplete.job).toMatchObject({ status: 'failed', error_code: 'REQUIRED_TEMPLATE_VARIABLES' })
  const version = await importWith([{ name: 'socket', value: 'seeded-secret-socket' }])
  expect(version.job).toMatchObject({ status: 'succeeded' })
  const template = await client.call(templatesRoutes.create, {
    params: { organization: 'default' },
    body: { name: 'docker', template_version_id: version.id },
  })

  const { workspace, agent } = await createRunningWorkspace(client, template, 'box')
  expect(workspace.latest_build.resources.map(({ type }) => type)).toEqual([
    'docker_container',
    'docker_volume',
  ])
  expect(agent.apps.map(({ slug }) => slug)).toEqual(['web'])
  const logs = await client.call(workspaceBuildsRoutes.logs, {
    params: { workspacebuild: workspace.latest_build.id },
  })
  const stages = new Set(logs.map(({ stage }) => stage))
  expect([...stages]).toEqual(
    expect.arrayContaining(['Initializing Terraform', 'Planning infrastructure', 'Applying changes']),
  )
  expect(JSON.stringify(logs)).not.toContain('seeded-secret')

  expect(await runBuild(client, workspace.id, 'stop')).toBe('stopped')
  const stopped = await getWorkspace(client, workspace.id)
  expect(stopped.latest_build.resources.flatMap(({ agents }) => agents ?? [])).toEqual([])
  expect(terraform.environment('apply')['CODER_WORKSPACE_TRANSITION']).toBe('stop')
  expect(await runBuild(client, workspace.id, 'delete')).toBe('deleted')
  const jobs = join(server.dataDir, 'provisioner', 'jobs')
  expect(existsSync(jobs) ? readdirSync(jobs) : []).toEqual([])
})
