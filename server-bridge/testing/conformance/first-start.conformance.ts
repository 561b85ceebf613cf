import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import type { ShippedTemplate } from '../../provisioner/shipped-templates.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate, templateArchive } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, importVersion } from '../workspace-actions.ts'

const small: ShippedTemplate = {
  name: 'small',
  displayName: 'Small',
  description: '',
  icon: '',
  tags: [],
  readme: '# Small\n',
  archive: templateArchive({ 'main.tf': smallTemplate, 'README.md': '# Small\n' }),
}
const listShippedTemplates = async () => [small]

let server: TestServer
afterEach(() => server.close())

it('a first start that ends before anybody signed in leaves its templates to the next', async () => {
  server = await startTestServer({ ownerName: 'Ada', listShippedTemplates })
  await server.restart()
  const client = await server.ownerClient()
  const [template] = await client.call(templatesRoutes.list, {})
  await createRunningWorkspace(client, template!, 'first')
})

it('a first start that ends in the middle of its imports does not leave broken templates', async () => {
  const gate = createHeldProvisioner('importVersion')
  gate.hold = true
  server = await startTestServer({ ownerName: 'Ada', listShippedTemplates, provisioner: gate.provisioner })
  const interrupted = server.deployment.mintOwnerSession('Ada').catch(() => undefined)
  await waitFor('the import is held', () => (gate.held.size > 0 ? true : undefined))
  gate.hold = false
  await server.restart()
  await interrupted
  const client = await server.ownerClient()
  const templates = await client.call(templatesRoutes.list, {})
  expect(templates.map(({ name }) => name)).toEqual(['small'])
  await createRunningWorkspace(client, templates[0]!, 'first')
})

it('a server without a parent makes up for the templates by itself', async () => {
  server = await startTestServer({ listShippedTemplates })
  const account = { username: 'ada', email: 'ada@example.com', name: '', role: 'owner' } as const
  const owner = await server.deployment.services.accounts.createFirst(account)
  await server.restart()
  const { sessions } = server.deployment.services
  const client = server.client(sessions.create(owner!.id, { loginType: 'password' }).token)
  const template = await waitFor('the template is there', async () => {
    const [found] = await client.call(templatesRoutes.list, {})
    return found
  })
  expect(template.name).toBe('small')
})

describe('a newer release', () => {
  const shipped = (...names: string[]) => names.map((name) => ({ ...small, name }))
  let release = shipped('small')
  let client: CoderClient
  beforeEach(async () => {
    release = shipped('small')
    server = await startTestServer({ ownerName: 'Ada', listShippedTemplates: async () => release })
    client = await server.ownerClient()
  })
  const update = async (...names: string[]): Promise<void> => {
    release = shipped(...names)
    await server.restart()
    client = await server.ownerClient()
  }
  const names = async () => (await client.call(templatesRoutes.list, {})).map(({ name }) => name).sort()
  const find = async (name: string) => {
    const found = (await client.call(templatesRoutes.list, {})).find((template) => template.name === name)
    if (!found) throw new Error(`There is no template ${name}.`)
    return found
  }

  it('adds the templates it brings, once each', async () => {
    await update('small', 'second')
    expect(await names()).toEqual(['second', 'small'])
    await update('small', 'second', 'third')
    expect(await names()).toEqual(['second', 'small', 'third'])
  })

  it('brings back none that was deleted or renamed, and changes none', async () => {
    await update('small', 'second', 'third')
    const [small, second, third] = await Promise.all(['small', 'second', 'third'].map(find))
    await client.call(templatesRoutes.remove, { params: { template: second!.id } })
    await client.call(templatesRoutes.patch, { params: { template: third!.id }, body: { name: 'mine' } })
    await client.call(templatesRoutes.patch, {
      params: { template: small!.id },
      body: { display_name: 'Ours' },
    })
    await update('small', 'second', 'third', 'fourth')
    expect(await names()).toEqual(['fourth', 'mine', 'small'])
    expect((await find('small')).display_name).toBe('Ours')
  })

  it('leaves a template alone that has the name of one it brings', async () => {
    const own = await createTemplate(client, 'second')
    await update('small', 'second')
    expect(await find('second')).toMatchObject({ id: own.id, active_version_id: own.active_version_id })
    await client.call(templatesRoutes.remove, { params: { template: own.id } })
    await update('small', 'second')
    expect(await names()).toEqual(['small'])
  })

  it('leaves one alone whose name differs by case only, signs the owner in and brings the others', async () => {
    const own = await createTemplate(client, 'Second')
    await update('small', 'second', 'third')
    expect(await names()).toEqual(['Second', 'small', 'third'])
    expect((await find('Second')).active_version_id).toBe(own.active_version_id)
  })

  it('with a template that cannot be read signs the owner in and brings the others', async () => {
    const unreadable: ShippedTemplate = {
      ...small,
      name: 'second',
      get archive(): Uint8Array {
        throw new Error('The archive cannot be read.')
      },
    }
    release = [...shipped('small'), unreadable, ...shipped('third')]
    await server.restart()
    client = await server.ownerClient()
    expect(await names()).toEqual(['small', 'third'])
    await update('small', 'second', 'third')
    expect(await names()).toEqual(['second', 'small', 'third'])
  })

  it('knows what came with releases that kept no list of it', async () => {
    const { database } = server.deployment
    await client.call(templatesRoutes.remove, { params: { template: (await find('small')).id } })
    database.script(
      "UPDATE deployment_settings SET key = 'shipped_templates', value = '0.1.0' WHERE key = 'seeded_templates'",
    )
    await update('plain-shell', 'small', 'another')
    expect(await names()).toEqual(['another'])
  })
})

describe('a shipped template that could not be imported', () => {
  const broken: ShippedTemplate = { ...small, archive: templateArchive({ 'main.tf': 'resource "' }) }
  const gate = createHeldProvisioner('importVersion')
  let release = [broken]
  let client: CoderClient
  beforeEach(async () => {
    release = [broken]
    server = await startTestServer({
      ownerName: 'Ada',
      listShippedTemplates: async () => release,
      provisioner: gate.provisioner,
    })
    client = await server.ownerClient()
  })
  const restart = async (): Promise<void> => {
    await server.restart()
    client = await server.ownerClient()
  }
  const template = async () => (await client.call(templatesRoutes.list, {}))[0]!
  const versions = () => {
    const { database } = server.deployment
    return database.all(database.sql.selectFrom('template_versions').select('id')).length
  }

  it('comes with a release that can be', async () => {
    release = [small]
    await restart()
    await createRunningWorkspace(client, await template(), 'first')
    expect(versions()).toBe(2)
  })

  it('is tried a few times only', async () => {
    for (let starts = 0; starts < 5; starts += 1) await restart()
    expect(versions()).toBe(4)
  })

  it('keeps the version that its administrator has chosen meanwhile', async () => {
    const own = await importVersion(
      client,
      { 'main.tf': smallTemplate },
      { template_id: (await template()).id },
    )
    release = [small]
    await server.restart()
    const { sessions, accounts } = server.deployment.services
    client = server.client(sessions.create(accounts.owner()!.id, { loginType: 'password' }).token)
    gate.hold = true
    const signedIn = server.deployment.mintOwnerSession('Ada')
    await waitFor('the import is held', () => (gate.held.size > 0 ? true : undefined))
    await client.call(templatesRoutes.promote, {
      params: { template: (await template()).id },
      body: { id: own.id },
    })
    gate.letGo()
    await signedIn
    expect((await template()).active_version_id).toBe(own.id)
    await restart()
    expect((await template()).active_version_id).toBe(own.id)
  })
})
