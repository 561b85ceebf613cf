import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { authorizationRoutes } from '../../contract/authorization.ts'
import { organizationMembersRoutes } from '../../contract/organization-members.ts'
import { organizationsRoutes } from '../../contract/organizations.ts'
import { type Template, templatesRoutes } from '../../contract/templates.ts'
import type { User } from '../../contract/users.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createUser, whoAmI } from '../accounts.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createTemplate, importVersion } from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let organizationId: string
let grace: { readonly user: User; readonly client: CoderClient }

const organization = { params: { organization: 'default' } }
const of = (user: string) => ({ params: { organization: 'default', user } })
const setRoles = (client: CoderClient, user: string, roles: string[]) =>
  client.call(organizationMembersRoutes.updateRoles, { ...of(user), body: { roles } })

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.ownerClient()
  organizationId = (await whoAmI(owner)).organization_ids[0]!
  grace = await createUser(server, owner, 'grace')
})
afterAll(() => server.close())

describe('members', () => {
  it('are listed with who they are, in pages where asked', async () => {
    const all = await owner.call(organizationMembersRoutes.list, organization)
    expect(all.map((each) => each.username)).toEqual([...all.map((each) => each.username)].sort())
    expect(all.find((each) => each.user_id === grace.user.id)).toMatchObject({
      username: 'grace',
      email: 'grace@example.com',
      organization_id: organizationId,
      roles: [],
      global_roles: [],
      login_type: 'password',
    })
    const page = await owner.call(organizationMembersRoutes.page, {
      ...organization,
      query: { limit: 1, offset: 1 },
    })
    expect([page.count, page.members]).toEqual([all.length, all.slice(1, 2)])
    const search = (q: string) =>
      owner.call(organizationMembersRoutes.list, { ...organization, query: { q } })
    expect((await search(`user_id:${grace.user.id}`)).map((each) => each.username)).toEqual(['grace'])
    expect(await search('github_user_id:7')).toEqual([])
    for (const q of ['grace', 'colour:red']) await expect(search(q)).rejects.toMatchObject({ status: 400 })
  })

  it('see themselves, not the others', async () => {
    const seen = await grace.client.call(organizationMembersRoutes.list, organization)
    expect(seen.map((each) => each.username)).toEqual(['grace'])
    const own = await grace.client.call(organizationMembersRoutes.get, of('me'))
    expect(own.user_id).toBe(grace.user.id)
    const { username } = await whoAmI(owner)
    await expect(grace.client.call(organizationMembersRoutes.get, of(username))).rejects.toMatchObject({
      status: 404,
    })
  })

  it('are removed and added again, and see nothing in between', async () => {
    const template = await createTemplate(owner, 'shared')
    const { client } = await createUser(server, owner, 'guest')
    const get = () => client.call(templatesRoutes.get, { params: { template: template.id } })
    expect((await get()).name).toBe(template.name)
    await owner.call(organizationMembersRoutes.remove, of('guest'))
    await expect(get()).rejects.toMatchObject({ status: 404 })
    expect(await client.call(templatesRoutes.list, {})).toEqual([])
    expect(await client.call(organizationsRoutes.list, {})).toEqual([])
    await expect(client.call(organizationsRoutes.get, organization)).rejects.toMatchObject({ status: 404 })
    await expect(owner.call(organizationMembersRoutes.get, of('guest'))).rejects.toMatchObject({
      status: 404,
    })
    const added = await owner.call(organizationMembersRoutes.add, of('guest'))
    expect(added.organization_id).toBe(organizationId)
    expect((await get()).name).toBe(template.name)
    await expect(owner.call(organizationMembersRoutes.add, of('guest'))).rejects.toMatchObject({
      status: 409,
    })
  })

  it('are managed by user admins, not by members, and nobody removes themselves', async () => {
    const { client: admin } = await createUser(server, owner, 'ursula', ['user-admin'])
    await createUser(server, owner, 'movable')
    await admin.call(organizationMembersRoutes.remove, of('movable'))
    await admin.call(organizationMembersRoutes.add, of('movable'))
    const remove = (who: CoderClient, user: string) => who.call(organizationMembersRoutes.remove, of(user))
    await expect(remove(owner, 'me')).rejects.toMatchObject({ status: 400 })
    await expect(remove(grace.client, 'movable')).rejects.toMatchObject({ status: 404 })
    await expect(remove(grace.client, 'me')).rejects.toMatchObject({ status: 403 })
    await expect(remove(owner, 'nobody-here')).rejects.toMatchObject({ status: 404 })
  })
})

describe('roles of the organization', () => {
  it('are listed, with those that the caller may give', async () => {
    const list = (client: CoderClient) => client.call(authorizationRoutes.organizationRoles, organization)
    const roles = await list(owner)
    expect(roles.map((role) => role.name)).toContain('organization-template-admin')
    expect(roles.every((role) => role.assignable && role.built_in)).toBe(true)
    expect(roles.every((role) => role.organization_id === organizationId)).toBe(true)
    expect((await list(grace.client)).some((role) => role.assignable)).toBe(false)
    const site = await owner.call(authorizationRoutes.siteRoles, {})
    expect(site.map((role) => role.name)).toEqual(['auditor', 'owner', 'template-admin', 'user-admin'])
    expect(site[1]!.site_permissions).toEqual([{ negate: false, resource_type: '*', action: '*' }])
  })

  it('are given and taken, but not by oneself nor beyond one’s own', async () => {
    expect((await setRoles(owner, 'grace', ['organization-auditor'])).roles).toEqual([
      {
        name: 'organization-auditor',
        display_name: 'Organization Auditor',
        organization_id: organizationId,
      },
    ])
    await expect(setRoles(owner, 'grace', ['owner'])).rejects.toMatchObject({ status: 400 })
    await expect(setRoles(owner, 'me', [])).rejects.toMatchObject({ status: 400 })
    await expect(setRoles(grace.client, 'me', ['organization-admin'])).rejects.toMatchObject({ status: 403 })
    const { client: admin } = await createUser(server, owner, 'hr', ['user-admin'])
    await expect(setRoles(admin, 'grace', ['organization-admin'])).rejects.toMatchObject({ status: 403 })
    await expect(setRoles(admin, 'grace', [])).rejects.toMatchObject({ status: 403 })
    expect((await setRoles(owner, 'grace', ['organization-member'])).roles).toEqual([])
  })
})

describe('what roles allow', () => {
  let template: Template

  beforeAll(async () => {
    template = await createTemplate(owner, 'for-roles')
  })

  it('template admins make templates and read workspaces, but start none', async () => {
    const { client } = await createUser(server, owner, 'tess', ['template-admin'])
    const version = await importVersion(client)
    const made = await client.call(templatesRoutes.create, {
      ...organization,
      body: { name: 'by-tess', template_version_id: version.id },
    })
    expect(made.created_by_name).toBe('tess')
    const { id } = await grace.client.call(workspacesRoutes.create, {
      params: { user: 'me' },
      body: { template_id: template.id, name: 'of-grace' },
    })
    const params = { workspace: id }
    expect((await client.call(workspacesRoutes.get, { params })).owner_name).toBe('grace')
    expect((await client.call(workspacesRoutes.list, {})).count).toBe(1)
    for (const attempt of [
      () => client.call(workspaceBuildsRoutes.create, { params, body: { transition: 'stop' } }),
      () => client.call(workspacesRoutes.usage, { params, body: {} }),
      () => client.call(workspacesRoutes.favorite, { params }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 403 })
    }
    const { client: auditor } = await createUser(server, owner, 'aud', ['auditor'])
    await expect(auditor.call(workspacesRoutes.get, { params })).rejects.toMatchObject({ status: 404 })
    await expect(
      auditor.call(templatesRoutes.create, {
        ...organization,
        body: { name: 'by-aud', template_version_id: version.id },
      }),
    ).rejects.toMatchObject({ status: 403 })
  })

  it('members with the ban make no workspaces', async () => {
    const { client } = await createUser(server, owner, 'banned')
    await setRoles(owner, 'banned', ['organization-workspace-creation-ban'])
    await expect(
      client.call(workspacesRoutes.create, {
        params: { user: 'me' },
        body: { template_id: template.id, name: 'space' },
      }),
    ).rejects.toMatchObject({ status: 403 })
  })

  it('is answered by name', async () => {
    const ask = (client: CoderClient, checks: Record<string, object>) =>
      client.call(authorizationRoutes.check, { body: { checks: checks as never } })
    const checks = {
      createUser: { object: { resource_type: 'user' }, action: 'create' },
      readTemplates: {
        object: { resource_type: 'template', organization_id: organizationId },
        action: 'read',
      },
      readTemplate: { object: { resource_type: 'template', resource_id: template.id }, action: 'read' },
      updateTemplate: { object: { resource_type: 'template', resource_id: template.id }, action: 'update' },
      ownWorkspace: { object: { resource_type: 'workspace', owner_id: 'me' }, action: 'create' },
      missing: {
        object: { resource_type: 'workspace', resource_id: '00000000-0000-4000-8000-000000000001' },
        action: 'read',
      },
      nonsense: { object: { resource_type: 'spaceship' }, action: 'fly' },
    }
    expect(await ask(grace.client, checks)).toEqual({
      createUser: false,
      readTemplates: true,
      readTemplate: true,
      updateTemplate: false,
      ownWorkspace: true,
      missing: false,
      nonsense: false,
    })
    expect(await ask(owner, checks)).toMatchObject({ createUser: true, updateTemplate: true })
    expect(await ask(owner, {})).toEqual({})
    await expect(
      ask(owner, { bad: { object: { resource_type: '' }, action: 'read' } }),
    ).rejects.toMatchObject({ status: 400, message: /"resource_type"/ })
  })
})

describe('licensed features', () => {
  it('say so to owners, and are not there for members', async () => {
    const attempts = (client: CoderClient) => [
      () => client.call(organizationsRoutes.update, organization),
      () => client.call(organizationsRoutes.delete, organization),
      () => client.call(organizationsRoutes.groups, organization),
      () => client.call(organizationsRoutes.create, {}),
    ]
    for (const attempt of attempts(owner)) {
      await expect(attempt()).rejects.toMatchObject({ status: 403, message: /Premium feature/ })
    }
    for (const attempt of attempts(grace.client)) {
      await expect(attempt()).rejects.toMatchObject({ status: 403 })
    }
  })
})

describe('the audit log', () => {
  it('has what was done to members', () => {
    const actions = server.deployment.services.auditLog
      .newest(1000)
      .map((row) => `${row.resource_type} ${row.action} ${row.status_code}`)
    for (const done of ['create 200', 'delete 204', 'write 200']) {
      expect(actions).toContain(`organization_member ${done}`)
    }
  })
})
