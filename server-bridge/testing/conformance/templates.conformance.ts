import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { followTemplateVersionLogs } from '../../client/follow-logs.ts'
import type { ProvisionerJobLog } from '../../contract/provisioner-jobs.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { systemClock } from '../../lib/clock.ts'
import { listShippedTemplates } from '../../provisioner/shipped-templates.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate, templateArchive } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, importVersion } from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let member: CoderClient

beforeAll(async () => {
  server = await startTestServer({ listShippedTemplates: () => listShippedTemplates() })
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
})
afterAll(() => server.close())

const list = (client: CoderClient, q = '') => client.call(templatesRoutes.list, { query: { q } })
const rich = (versionId: string) =>
  owner.call(templateVersionsRoutes.richParameters, { params: { templateversion: versionId } })

describe('the shipped templates', () => {
  it('are there and usable as soon as the first user is', async () => {
    const shipped = await list(member)
    expect(shipped.length).toBeGreaterThan(0)
    for (const template of shipped) {
      const version = await member.call(templateVersionsRoutes.get, {
        params: { templateversion: template.active_version_id },
      })
      expect(version.job.status).toBe('succeeded')
      expect(version.template_id).toBe(template.id)
      expect(version.readme).not.toBe('')
      expect(template.description).not.toBe('')
    }
  })
})

describe('a version', () => {
  it('tells what the import found, and the log of it', async () => {
    const version = await importVersion(owner, {
      'main.tf': `${smallTemplate}
        data "coder_workspace_preset" "loud" {
          name       = "Loud"
          default    = true
          parameters = { greeting = "HELLO" }
        }`,
      'README.md': '# Read me',
    })
    expect(version.job).toMatchObject({ status: 'succeeded', type: 'template_version_import' })
    expect(version.readme).toBe('# Read me')
    const params = { templateversion: version.id }
    expect(await rich(version.id)).toMatchObject([
      { name: 'greeting', default_value: 'hello', mutable: true },
    ])
    expect(await owner.call(templateVersionsRoutes.presets, { params })).toMatchObject([
      { Name: 'Loud', Default: true, Parameters: [{ Name: 'greeting', Value: 'HELLO' }] },
    ])
    expect(await owner.call(templateVersionsRoutes.variables, { params })).toEqual([])
    const resources = await owner.call(templateVersionsRoutes.resources, { params })
    expect(resources.find((resource) => resource.workspace_transition === 'start')?.agents).toHaveLength(1)

    const rows = await owner.call(templateVersionsRoutes.logs, { params, query: {} })
    expect(rows.map((row) => row.id)).toEqual([...rows.map((row) => row.id)].sort((a, b) => a - b))
    const later = await owner.call(templateVersionsRoutes.logs, { params, query: { after: rows[0]!.id } })
    expect(later).toEqual(rows.slice(1))
    expect(await followed(version.id)).toEqual(rows)
  })

  const followed = (versionId: string): Promise<ProvisionerJobLog[]> =>
    new Promise((resolve, reject) => {
      const rows: ProvisionerJobLog[] = []
      const connection = followTemplateVersionLogs(versionId, {
        client: owner,
        clock: systemClock,
        onRows: (more) => rows.push(...more),
        onState(state) {
          if (state.name === 'stopped') resolve(rows)
          if (state.name === 'failed') reject(new Error(JSON.stringify(state)))
        },
      })
      connection.start()
    })

  it('that does not fit names file, line and remedy in its job', async () => {
    const version = await importVersion(owner, { 'main.tf': 'resource "aws_instance" "big" {\n}\n' })
    expect(version.job.status).toBe('failed')
    expect(version.job.error).toMatch(/^main\.tf:1:/)
    expect(version.job.error).toMatch(/aws_instance/)
    const rows = await owner.call(templateVersionsRoutes.logs, {
      params: { templateversion: version.id },
      query: {},
    })
    expect(rows.some((row) => row.log_level === 'error' && row.output === version.job.error)).toBe(true)
  })

  it('that lacks the value of a variable asks for it by an error code, and takes it', async () => {
    const files = { 'main.tf': `variable "region" {\n  type = string\n}\n${smallTemplate}` }
    const without = await importVersion(owner, files)
    expect(without.job).toMatchObject({ status: 'failed', error_code: 'REQUIRED_TEMPLATE_VARIABLES' })
    const { hash } = await owner.upload(templateArchive(files), 'application/x-tar')
    const { id } = await owner.call(templateVersionsRoutes.create, {
      params: { organization: 'default' },
      body: {
        storage_method: 'file',
        provisioner: 'terraform',
        file_id: hash,
        user_variable_values: [{ name: 'region', value: 'eu' }],
      },
    })
    await waitFor('the version is imported', () => rich(id).catch(() => undefined))
    const variables = await owner.call(templateVersionsRoutes.variables, { params: { templateversion: id } })
    expect(variables).toMatchObject([{ name: 'region', value: 'eu', required: true }])
  })

  it('needs a file that exists, a free name and the right to make templates', async () => {
    const create = (client: CoderClient, body: object) =>
      client.call(templateVersionsRoutes.create, {
        params: { organization: 'default' },
        body: { storage_method: 'file', provisioner: 'terraform', ...body },
      })
    const file_id = '00000000-0000-4000-8000-000000000000'
    await expect(create(owner, { file_id })).rejects.toMatchObject({
      status: 404,
      message: 'File not found.',
    })
    await expect(create(owner, {})).rejects.toMatchObject({ status: 400 })
    const { hash } = await owner.upload(templateArchive({ 'main.tf': smallTemplate }), 'application/x-tar')
    await expect(create(member, { file_id: hash })).rejects.toMatchObject({ status: 403 })
    await expect(create(owner, { file_id: hash, template_id: file_id })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('log can be had as text, and the followed one asks for an upgrade', async () => {
    const [template] = await list(owner)
    const base = `${server.url}/api/v2/templateversions/${template!.active_version_id}/logs`
    const { headers } = owner.socket(templatesRoutes.list, {})
    const text = await rawRequest(`${base}?format=text`, { headers })
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(text.text).toMatch(/^\S+Z \[info\] \[provisioner/m)
    expect((await rawRequest(`${base}?follow`, { headers })).status).toBe(426)
    expect(
      (await rawRequest(`${base}?follow=false`, { headers: { ...headers, ...upgradeHeaders } })).status,
    ).toBe(101)
  })
})

describe('a template', () => {
  it('is made of a version, found by id and name, and listed', async () => {
    const template = await createTemplate(owner, 'Kitchen-Sink')
    expect(template).toMatchObject({ name: 'Kitchen-Sink', provisioner: 'terraform', deprecated: false })
    for (const found of [
      await member.call(templatesRoutes.get, { params: { template: template.id } }),
      await member.call(templatesRoutes.getByName, {
        params: { organization: 'default', templatename: 'kitchen-sink' },
      }),
      (
        await member.call(templatesRoutes.listOfOrganization, {
          params: { organization: 'coder' },
          query: {},
        })
      ).find((entry) => entry.id === template.id),
    ]) {
      expect(found).toEqual(template)
    }
    const versions = await member.call(templateVersionsRoutes.listOfTemplate, {
      params: { template: template.id },
      query: {},
    })
    expect(versions.map((version) => version.id)).toEqual([template.active_version_id])
  })

  it('has versions in order, by pages', async () => {
    const [template] = await list(owner, 'exact_name:kitchen-sink')
    for (const name of ['second', 'third']) {
      await importVersion(owner, { 'main.tf': smallTemplate }, { name, template_id: template!.id })
    }
    const page = async (query: object) =>
      (
        await owner.call(templateVersionsRoutes.listOfTemplate, { params: { template: template!.id }, query })
      ).map((version) => version.name)
    expect((await page({})).slice(1)).toEqual(['second', 'third'])
    expect(await page({ limit: 1, offset: 1 })).toEqual(['second'])
    const all = await owner.call(templateVersionsRoutes.listOfTemplate, {
      params: { template: template!.id },
      query: {},
    })
    expect(await page({ after_id: all[1]!.id })).toEqual(['third'])
    await expect(page({ after_id: template!.id })).rejects.toMatchObject({ status: 400 })
    const { hash } = await owner.upload(templateArchive({ 'main.tf': smallTemplate }), 'application/x-tar')
    await expect(
      owner.call(templateVersionsRoutes.create, {
        params: { organization: 'default' },
        body: {
          storage_method: 'file',
          provisioner: 'terraform',
          file_id: hash,
          name: 'SECOND',
          template_id: template!.id,
        },
      }),
    ).rejects.toMatchObject({ status: 409 })
  })

  it('cannot be made twice, of a used or a missing version, or by a member', async () => {
    const create = (client: CoderClient, name: string, template_version_id: string) =>
      client.call(templatesRoutes.create, {
        params: { organization: 'default' },
        body: { name, template_version_id },
      })
    const version = await importVersion(owner)
    await expect(create(owner, 'KITCHEN-sink', version.id)).rejects.toMatchObject({
      status: 409,
      validations: [{ field: 'name' }],
    })
    await expect(create(member, 'mine', version.id)).rejects.toMatchObject({ status: 403 })
    const [used] = await list(owner)
    await expect(create(owner, 'again', used!.active_version_id)).rejects.toMatchObject({ status: 400 })
    await expect(create(owner, 'none', '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      status: 404,
    })
    await expect(create(owner, 'not ok', version.id)).rejects.toMatchObject({
      validations: [{ field: 'name' }],
    })
  })

  it('is found by the search, which refuses what it does not know', async () => {
    const names = async (q: string) => (await list(owner, q)).map((template) => template.name)
    expect(await names('kitchen')).toEqual(['Kitchen-Sink'])
    expect(await names('name:sink')).toEqual(['Kitchen-Sink'])
    expect(await names('deprecated:true')).toEqual([])
    expect(await names('author:me exact_name:kitchen-sink')).toEqual(['Kitchen-Sink'])
    await expect(names('colour:red')).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'colour' }],
    })
    await expect(names('a:b:c')).rejects.toMatchObject({ status: 400, validations: [{ field: 'q' }] })
  })

  it('that is unknown is not found', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000'
    await expect(owner.call(templatesRoutes.get, { params: { template: unknown } })).rejects.toMatchObject({
      status: 404,
    })
    await expect(
      owner.call(templateVersionsRoutes.get, { params: { templateversion: unknown } }),
    ).rejects.toMatchObject({ status: 404 })
  })
})
