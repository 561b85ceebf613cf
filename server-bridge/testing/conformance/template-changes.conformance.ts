import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { type Template, templatesRoutes } from '../../contract/templates.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { listShippedTemplates } from '../../provisioner/shipped-templates.ts'
import { connectDatabase } from '../../server/db/database.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, importVersion, runBuild } from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let member: CoderClient
const unknown = '00000000-0000-4000-8000-000000000000'
/** Builds of it are quick: it has no agent. */
const emptyTemplate = 'data "coder_workspace" "me" {}\n'

beforeAll(async () => {
  server = await startTestServer({ listShippedTemplates: () => listShippedTemplates() })
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
})
afterAll(() => server.close())

const patch = (template: Pick<Template, 'id'>, body: object, client = owner) =>
  client.call(templatesRoutes.patch, { params: { template: template.id }, body })
const get = (id: string) => owner.call(templatesRoutes.get, { params: { template: id } })
const audited = () => server.deployment.services.auditLog.newest(1)[0]

describe('a change of a template', () => {
  it('sets what is given and keeps the rest, under the names that are read back', async () => {
    const template = await createTemplate(owner, 'changing')
    const changed = await patch(template, {
      name: 'changed',
      display_name: 'Changed',
      description: 'New words',
      icon: '/icon/x.svg',
      default_ttl_ms: 3_600_000,
      activity_bump_ms: 0,
      autostop_requirement: { days_of_week: ['Sunday', 'monday'], weeks: 0 },
      autostart_requirement: { days_of_week: [] },
      allow_user_autostart: false,
      allow_user_cancel_workspace_jobs: true,
      failure_ttl_ms: 60_000,
      time_til_dormant_ms: 120_000,
      time_til_dormant_autodelete_ms: 180_000,
      use_classic_parameter_flow: true,
      disable_module_cache: true,
      cors_behavior: 'passthru',
    })
    expect(changed).toMatchObject({
      name: 'changed',
      display_name: 'Changed',
      description: 'New words',
      icon: '/icon/x.svg',
      default_ttl_ms: 3_600_000,
      activity_bump_ms: 0,
      autostop_requirement: { days_of_week: ['monday', 'sunday'], weeks: 1 },
      autostart_requirement: { days_of_week: [] },
      allow_user_autostart: false,
      allow_user_autostop: true,
      allow_user_cancel_workspace_jobs: true,
      failure_ttl_ms: 60_000,
      time_til_dormant_ms: 120_000,
      time_til_dormant_autodelete_ms: 180_000,
      use_classic_parameter_flow: true,
      disable_module_cache: true,
      cors_behavior: 'passthru',
    })
    expect(audited()).toMatchObject({
      resource_type: 'template',
      action: 'write',
      resource_target: 'changed',
    })
    const { updated_at: _, ...kept } = await patch(template, {})
    expect(kept).toEqual({ ...changed, updated_at: undefined })
    expect((await patch(template, { description: '' })).description).toBe('')
  })

  it('is made with the other names at the creation', async () => {
    const version = await importVersion(owner)
    const template = await owner.call(templatesRoutes.create, {
      params: { organization: 'default' },
      body: {
        name: 'all-fields',
        template_version_id: version.id,
        dormant_ttl_ms: 60_000,
        delete_ttl_ms: 120_000,
        template_use_classic_parameter_flow: true,
        require_active_version: true,
        max_port_share_level: 'public',
        agents_allowed: false,
      },
    })
    expect(template).toMatchObject({
      time_til_dormant_ms: 60_000,
      time_til_dormant_autodelete_ms: 120_000,
      use_classic_parameter_flow: true,
      agents_allowed: false,
      // Needs a licence: reads back as what is without one.
      require_active_version: false,
      max_port_share_level: 'public',
    })
  })

  it('ignores a deprecation, and refuses what would seem to protect something', async () => {
    const template = await createTemplate(owner, 'licensed')
    const changed = await patch(template, { deprecation_message: 'old', require_active_version: true })
    expect(changed).toMatchObject({
      deprecated: false,
      deprecation_message: '',
      require_active_version: false,
    })
    for (const [field, value] of [
      ['max_port_share_level', 'owner'],
      ['disable_everyone_group_access', true],
    ]) {
      await expect(patch(template, { [field as string]: value })).rejects.toMatchObject({
        status: 400,
        validations: [{ field }],
      })
    }
  })

  it.each([
    ['default_ttl_ms', -1],
    ['activity_bump_ms', -1],
    ['failure_ttl_ms', 59_999],
    ['time_til_dormant_ms', 1],
    ['time_til_dormant_autodelete_ms', -5],
  ])('refuses %s of %d', async (field, value) => {
    const [template] = await owner.call(templatesRoutes.list, { query: {} })
    await expect(patch(template!, { [field]: value })).rejects.toMatchObject({
      status: 400,
      validations: [{ field }],
    })
  })

  it('refuses impossible days, weeks, words and names', async () => {
    const [template] = await owner.call(templatesRoutes.list, { query: {} })
    await expect(
      patch(template!, {
        autostop_requirement: { days_of_week: ['payday'], weeks: 17 },
        autostart_requirement: { days_of_week: ['never'] },
      }),
    ).rejects.toMatchObject({
      validations: [
        { field: 'autostop_requirement.weeks' },
        { field: 'autostop_requirement.days_of_week' },
        { field: 'autostart_requirement.days_of_week' },
      ],
    })
    await expect(patch(template!, { cors_behavior: 'open' })).rejects.toMatchObject({ status: 400 })
    await expect(patch(template!, { name: 'not ok' })).rejects.toMatchObject({
      validations: [{ field: 'name' }],
    })
    const other = await createTemplate(owner, 'taken')
    await expect(patch(template!, { name: 'TAKEN' })).rejects.toMatchObject({ status: 409 })
    expect((await patch(other, { name: 'Taken' })).name).toBe('Taken')
  })

  it('moves what it says about workspaces there are', async () => {
    const { template, workspaceId } = await withWorkspace('life')
    await idle(workspaceId)
    // Nothing makes a workspace dormant while a test waits.
    const db = connectDatabase(join(server.dataDir, 'outpost.db'))
    const rowOf = () =>
      db.first(
        db.sql
          .selectFrom('workspaces')
          .select(['dormant_at', 'deleting_at', 'last_used_at'])
          .where('id', '=', workspaceId),
      )
    db.run(
      db.sql
        .updateTable('workspaces')
        .set({ dormant_at: 1_000, last_used_at: 1_000 })
        .where('id', '=', workspaceId),
    )
    await patch(template, { time_til_dormant_autodelete_ms: 60_000 })
    expect(rowOf()).toMatchObject({ dormant_at: 1_000, deleting_at: 61_000, last_used_at: 1_000 })
    await patch(template, { update_workspace_dormant_at: true, update_workspace_last_used_at: true })
    const moved = rowOf()
    expect(moved?.deleting_at).toBe((moved?.dormant_at ?? 0) + 60_000)
    expect(moved?.last_used_at).toBe(moved?.dormant_at)
    await patch(template, { time_til_dormant_autodelete_ms: 0 })
    expect(rowOf()?.deleting_at).toBeNull()
    db.close()
  })

  it('is for owners: a member may only look', async () => {
    const [template] = await owner.call(templatesRoutes.list, { query: {} })
    const params = { template: template!.id }
    const version = { params: { templateversion: template!.active_version_id } }
    for (const refused of [
      () => patch(template!, { name: 'mine' }, member),
      () => member.call(templatesRoutes.remove, { params }),
      () => member.call(templatesRoutes.promote, { params, body: { id: template!.active_version_id } }),
      () => member.call(templatesRoutes.archiveVersions, { params, body: {} }),
      () => member.call(templateVersionsRoutes.patch, { ...version, body: { name: 'mine' } }),
      () => member.call(templateVersionsRoutes.cancel, version),
      () => member.call(templateVersionsRoutes.archive, version),
      () => member.call(templateVersionsRoutes.unarchive, version),
    ]) {
      await expect(refused()).rejects.toMatchObject({ status: 403 })
    }
    await expect(patch({ id: unknown }, {})).rejects.toMatchObject({ status: 404 })
    await expect(patch({ id: 'junk' }, {})).rejects.toMatchObject({ status: 400 })
  })
})

const withWorkspace = async (name: string) => {
  const template = await createTemplate(owner, name, emptyTemplate)
  const { id } = await owner.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: { name, template_id: template.id },
  })
  return { template, workspaceId: id }
}

const idle = (workspaceId: string) =>
  waitFor('the build ends', async () => {
    const { latest_build: build } = await owner.call(workspacesRoutes.get, {
      params: { workspace: workspaceId },
    })
    return build.job.completed_at
  })

describe('the end of a template', () => {
  it('waits for its workspaces, and frees its name', async () => {
    const { template, workspaceId } = await withWorkspace('ending')
    const remove = () => owner.call(templatesRoutes.remove, { params: { template: template.id } })
    await expect(remove()).rejects.toMatchObject({ status: 400 })
    await idle(workspaceId)
    expect(await runBuild(owner, workspaceId, 'delete')).toBe('deleted')
    expect((await remove()).message).toBe('Template has been deleted!')
    expect(audited()).toMatchObject({ resource_type: 'template', action: 'delete' })
    await expect(remove()).rejects.toMatchObject({ status: 404 })
    await expect(get(template.id)).rejects.toMatchObject({ status: 404 })
    const find = (q: string) => owner.call(templatesRoutes.list, { query: { q } })
    expect(await find('exact_name:ending')).toEqual([])
    expect(await find('exact_name:ending deleted:true')).toMatchObject([{ id: template.id, deleted: true }])
    expect((await createTemplate(owner, 'ending')).id).not.toBe(template.id)
  })
})

describe('the list', () => {
  it('begins with the templates most people use', async () => {
    await createTemplate(owner, 'a-quiet-one')
    const { template } = await withWorkspace('z-busy-one')
    const list = await member.call(templatesRoutes.list, { query: {} })
    const [busy, quiet] = ['z-busy-one', 'a-quiet-one'].map((name) =>
      list.findIndex((row) => row.name === name),
    )
    expect(busy).toBeLessThan(quiet!)
    expect(list[busy!]).toMatchObject({ id: template.id, active_user_count: 1 })
    const counts = list.map((row) => row.active_user_count)
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
  })

  it('is searched by every key', async () => {
    const names = async (q: string) =>
      (await member.call(templatesRoutes.list, { query: { q } })).map((template) => template.name)
    const all = await names('')
    const template = await createTemplate(owner, 'needle')
    expect(await names(`ids:${template.id},${unknown}`)).toEqual(['needle'])
    expect(await names(`author_id:${template.created_by_id} exact_name:needle`)).toEqual(['needle'])
    expect(await names(`author:${template.created_by_name} name:needl`)).toEqual(['needle'])
    expect(await names('author:me')).toEqual([])
    expect(await names('organization:coder needle')).toEqual(['needle'])
    expect(await names(`organization:${template.organization_id} needle`)).toEqual(['needle'])
    expect(await names('exact_display_name:nothing')).toEqual([])
    expect(await names('agents-allowed:false')).toEqual(['all-fields'])
    expect(await names('has-ai-task:true')).toEqual([])
    expect(await names('has_external_agent:false')).toHaveLength(all.length + 1)
    for (const [q, field] of [
      ['ids:junk', 'ids'],
      ['author_id:me', 'author_id'],
      ['organization:elsewhere', 'organization'],
      ['deleted:perhaps', 'deleted'],
    ] as const) {
      await expect(names(q)).rejects.toMatchObject({ status: 400, validations: [{ field }] })
    }
  })

  it('knows how long builds take', async () => {
    const [template] = await owner.call(templatesRoutes.list, { query: { q: 'exact_name:z-busy-one' } })
    const stats = await waitFor('the first build counts', async () => {
      const { build_time_stats: found } = await get(template!.id)
      return found['start']?.P50 === null ? undefined : found
    })
    expect(stats['start']?.P95).toBeGreaterThanOrEqual(stats['start']?.P50 ?? Infinity)
    expect(stats['stop']).toEqual({ P50: null, P95: null })
  })
})

describe('use of a template', () => {
  it('is told by days of the asking zone', async () => {
    const [template] = await owner.call(templatesRoutes.list, { query: { q: 'exact_name:z-busy-one' } })
    const daus = (client: CoderClient, query: object) =>
      client.call(templatesRoutes.daus, { params: { template: template!.id }, query })
    const utc = await daus(member, {})
    expect(utc.tz_hour_offset).toBe(0)
    expect(utc.entries.at(-1)?.amount).toBe(1)
    expect(utc.entries.at(-1)?.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect((await daus(member, { tz_offset: '-5' })).tz_hour_offset).toBe(-5)
    const base = `${server.url}/api/v2/templates/${template!.id}/daus`
    const { headers } = owner.socket(templatesRoutes.list, {})
    for (const [query, field] of [
      ['?tz_offset=far', 'tz_offset'],
      ['?tz_offset=15', 'tz_offset'],
      ['?colour=red', 'colour'],
    ]) {
      const answer = await rawRequest(base + query, { headers })
      expect(answer.status).toBe(400)
      expect(answer.json().validations[0].field).toBe(field)
    }
  })
})

describe('what needs a licence', () => {
  it('is refused as by Coder without one', async () => {
    const { headers } = owner.socket(templatesRoutes.list, {})
    for (const [method, path] of [
      ['GET', 'acl'],
      ['PATCH', 'acl'],
      ['GET', 'acl/available'],
    ] as const) {
      const answer = await rawRequest(`${server.url}/api/v2/templates/${unknown}/${path}`, {
        method,
        headers,
      })
      expect(answer.status).toBe(403)
      expect(answer.json().message).toMatch(/Premium feature/)
    }
  })
})

describe('the examples', () => {
  it('are the shipped templates, and versions can be made of them', async () => {
    const examples = await member.call(templatesRoutes.examples, {})
    expect(examples.map((example) => example.id)).toContain('plain-shell')
    const plain = examples.find((example) => example.id === 'plain-shell')
    expect(plain?.name).not.toBe('')
    expect(plain?.markdown).toMatch(/^# /)
    expect(
      await member.call(templatesRoutes.examplesOfOrganization, { params: { organization: 'default' } }),
    ).toEqual(examples)
    const create = (body: object) =>
      owner.call(templateVersionsRoutes.create, {
        params: { organization: 'default' },
        body: { storage_method: 'file', provisioner: 'terraform', ...body },
      })
    const version = await create({ example_id: 'plain-shell' })
    expect(version.job.status).toMatch(/pending|running|succeeded/)
    await expect(create({ example_id: 'nothing' })).rejects.toMatchObject({ status: 404 })
    await expect(create({ example_id: 'plain-shell', file_id: unknown })).rejects.toMatchObject({
      status: 400,
    })
  })
})
