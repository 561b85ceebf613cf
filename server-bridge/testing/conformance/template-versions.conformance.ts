import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { type Template, templatesRoutes } from '../../contract/templates.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { rawRequest } from '../raw-request.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate, templateArchive } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, importVersion } from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let member: CoderClient
let template: Template
const unknown = '00000000-0000-4000-8000-000000000000'
const gate = createHeldProvisioner('importVersion')

beforeAll(async () => {
  server = await startTestServer({ provisioner: gate.provisioner })
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
  template = await createTemplate(owner, 'versions')
})
afterAll(() => server.close())

const add = (name: string, text = smallTemplate) =>
  importVersion(owner, { 'main.tf': text }, { name, template_id: template.id })
const of = (id: string) => ({ params: { templateversion: id } })
const listed = async (query = {}) =>
  (
    await member.call(templateVersionsRoutes.listOfTemplate, { params: { template: template.id }, query })
  ).map((version) => version.name)
const upload = async (body: object = {}) => {
  const { hash } = await owner.upload(templateArchive({ 'main.tf': smallTemplate }), 'application/x-tar')
  return owner.call(templateVersionsRoutes.create, {
    params: { organization: 'default' },
    body: { storage_method: 'file', provisioner: 'terraform', file_id: hash, ...body },
  })
}
const ended = (id: string) =>
  waitFor('the import ends', async () => {
    const version = await owner.call(templateVersionsRoutes.get, of(id))
    return version.job.completed_at === undefined ? undefined : version
  })
const audited = () => server.deployment.services.auditLog.newest(1)[0]

describe('versions', () => {
  it('are found by name, and know the one before', async () => {
    const first = await owner.call(templateVersionsRoutes.get, of(template.active_version_id))
    const second = await add('second')
    const names = { organization: 'default', templatename: 'versions', templateversionname: 'SECOND' }
    expect(await member.call(templateVersionsRoutes.getByName, { params: names })).toMatchObject({
      id: second.id,
      template_id: template.id,
    })
    expect(
      await member.call(templateVersionsRoutes.getOfTemplateByName, {
        params: { template: template.id, templateversionname: 'second' },
      }),
    ).toMatchObject({ id: second.id })
    expect(await member.call(templateVersionsRoutes.previous, { params: names })).toMatchObject({
      id: first.id,
    })
    const base = `${server.url}/api/v2/organizations/default/templates/versions/versions`
    const { headers } = member.socket(templatesRoutes.list, {})
    const before = await rawRequest(`${base}/${first.name}/previous`, { headers })
    expect([before.status, before.text]).toEqual([204, ''])
    for (const path of ['nothing', 'nothing/previous']) {
      expect((await rawRequest(`${base}/${path}`, { headers })).status).toBe(404)
    }
  })

  it('get a name and a message, which must be free', async () => {
    const version = await add('third')
    const patch = (body: object) =>
      owner.call(templateVersionsRoutes.patch, { params: { templateversion: version.id }, body })
    expect(await patch({ name: 'renamed', message: 'Words' })).toMatchObject({
      name: 'renamed',
      message: 'Words',
    })
    expect(audited()).toMatchObject({ resource_type: 'template_version', action: 'write' })
    expect(await patch({})).toMatchObject({ name: 'renamed', message: 'Words' })
    expect(await patch({ message: '' })).toMatchObject({ name: 'renamed', message: '' })
    await expect(patch({ name: 'Second' })).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'name' }],
    })
    await expect(patch({ name: 'not ok' })).rejects.toMatchObject({ status: 400 })
    await expect(
      owner.call(templateVersionsRoutes.patch, { params: { templateversion: unknown }, body: {} }),
    ).rejects.toMatchObject({ status: 404 })
  })

  it('without a name get one, and keep their tags', async () => {
    const version = await upload({ name: '', tags: { scope: 'user', cluster: 'a' } })
    expect(version.name).not.toBe('')
    expect(version.job.tags).toEqual({ scope: 'user', cluster: 'a', owner: version.created_by.id })
    expect(version.matched_provisioners).toMatchObject({ count: 1, available: 1 })
    await ended(version.id)
  })

  it('answer old clients with nothing', async () => {
    const params = { templateversion: template.active_version_id }
    expect(await member.call(templateVersionsRoutes.externalAuth, { params, query: {} })).toEqual([])
    expect(await member.call(templateVersionsRoutes.schema, { params })).toEqual([])
    expect(await member.call(templateVersionsRoutes.legacyParameters, { params })).toEqual([])
  })

  it('of no template are for who can make one', async () => {
    const { id } = await importVersion(owner)
    for (const route of [
      templateVersionsRoutes.get,
      templateVersionsRoutes.richParameters,
      templateVersionsRoutes.presets,
      templateVersionsRoutes.resources,
      templateVersionsRoutes.schema,
    ]) {
      await expect(member.call(route, of(id))).rejects.toMatchObject({ status: 404 })
    }
  })
})

describe('an import', () => {
  it('that runs says so in every answer, and can be canceled once', async () => {
    gate.hold = true
    try {
      const { id } = await upload({ template_id: template.id, name: 'slow' })
      const status = async (route: Parameters<CoderClient['call']>[0]) =>
        owner.call(route, of(id)).then(
          () => 200,
          (error: unknown) => (error as { readonly status: number }).status,
        )
      expect(await status(templateVersionsRoutes.richParameters)).toBe(425)
      expect(await status(templateVersionsRoutes.variables)).toBe(403)
      expect(await status(templateVersionsRoutes.resources)).toBe(400)
      expect(await owner.call(templateVersionsRoutes.presets, of(id))).toEqual([])
      await expect(
        owner.call(templatesRoutes.promote, { params: { template: template.id }, body: { id } }),
      ).rejects.toMatchObject({ status: 403 })
      const cancel = () => owner.call(templateVersionsRoutes.cancel, of(id))
      expect((await cancel()).message).toMatch(/canceled/)
      expect(audited()).toMatchObject({ resource_type: 'template_version', action: 'stop' })
      await expect(cancel()).rejects.toMatchObject({ status: 400 })
      expect((await ended(id)).job.status).toBe('canceled')
      await expect(cancel()).rejects.toMatchObject({ status: 400 })
    } finally {
      gate.letGo()
    }
  })
})

describe('the active version', () => {
  const promote = (id: string, templateId = template.id) =>
    owner.call(templatesRoutes.promote, { params: { template: templateId }, body: { id } })

  it('is one that could be imported, of this template, and not archived', async () => {
    const next = await add('next')
    expect((await promote(next.id)).message).toMatch(/active template version/)
    expect(audited()).toMatchObject({
      resource_type: 'template',
      action: 'write',
      resource_target: 'versions',
    })
    expect(await owner.call(templatesRoutes.get, { params: { template: template.id } })).toMatchObject({
      active_version_id: next.id,
    })
    await expect(promote((await add('broken', 'nonsense')).id)).rejects.toMatchObject({ status: 403 })
    const other = await createTemplate(owner, 'other')
    await expect(promote(other.active_version_id)).rejects.toMatchObject({ status: 400 })
    await expect(promote(unknown)).rejects.toMatchObject({ status: 404 })
    await expect(promote(next.id, unknown)).rejects.toMatchObject({ status: 404 })
    const archived = await add('archived')
    await owner.call(templateVersionsRoutes.archive, of(archived.id))
    await expect(promote(archived.id)).rejects.toMatchObject({ status: 400 })
  })
})

describe('an archived version', () => {
  it('is hidden until asked for, and comes back', async () => {
    const { id } = await add('hidden')
    expect(await owner.call(templateVersionsRoutes.archive, of(id))).toBe('template version archived')
    expect(audited()).toMatchObject({ resource_type: 'template_version', action: 'write' })
    await expect(owner.call(templateVersionsRoutes.archive, of(id))).rejects.toMatchObject({ status: 400 })
    expect(await listed()).not.toContain('hidden')
    expect(await listed({ include_archived: true })).toContain('hidden')
    await expect(
      owner.call(workspacesRoutes.create, {
        params: { user: 'me' },
        body: { name: 'of-archived', template_version_id: id },
      }),
    ).rejects.toMatchObject({ status: 400 })
    expect(await owner.call(templateVersionsRoutes.unarchive, of(id))).toBe('template version unarchived')
    await expect(owner.call(templateVersionsRoutes.unarchive, of(id))).rejects.toMatchObject({ status: 400 })
    expect(await listed()).toContain('hidden')
  })

  it('is never one in use', async () => {
    const active = (await owner.call(templatesRoutes.get, { params: { template: template.id } }))
      .active_version_id
    await expect(owner.call(templateVersionsRoutes.archive, of(active))).rejects.toMatchObject({
      status: 400,
    })
    const built = await add('built', 'data "coder_workspace" "me" {}')
    const workspace = await owner.call(workspacesRoutes.create, {
      params: { user: 'me' },
      body: { name: 'holds-it', template_version_id: built.id },
    })
    await expect(owner.call(templateVersionsRoutes.archive, of(built.id))).rejects.toMatchObject({
      status: 400,
    })
    await waitFor('the build ends', async () => {
      const { latest_build: build } = await owner.call(workspacesRoutes.get, {
        params: { workspace: workspace.id },
      })
      return build.job.completed_at
    })
    const archive = (all: boolean) =>
      owner.call(templatesRoutes.archiveVersions, { params: { template: template.id }, body: { all } })
    const failed = await archive(false)
    expect(failed.template_id).toBe(template.id)
    expect((await listed()).includes('broken')).toBe(false)
    expect(await listed()).toEqual(expect.arrayContaining(['second', 'renamed', 'next', 'built']))
    const all = await archive(true)
    expect(all.archived_ids.length).toBeGreaterThan(2)
    expect((await listed()).sort()).toEqual(['built', 'next'])
    expect((await archive(true)).archived_ids).toEqual([])
  })
})
