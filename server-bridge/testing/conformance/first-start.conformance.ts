import { afterEach, expect, it } from 'vitest'
import { templatesRoutes } from '../../contract/templates.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate, templateArchive } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace } from '../workspace-actions.ts'

const listShippedTemplates = async () => [
  {
    name: 'small',
    displayName: 'Small',
    description: '',
    icon: '',
    tags: [],
    readme: '# Small\n',
    archive: templateArchive({ 'main.tf': smallTemplate, 'README.md': '# Small\n' }),
  },
]

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

it('templates that came with it and were deleted do not come back', async () => {
  let listed = 0
  server = await startTestServer({
    ownerName: 'Ada',
    async listShippedTemplates() {
      listed += 1
      return listShippedTemplates()
    },
  })
  await server.ownerClient()
  await server.restart()
  await server.ownerClient()
  expect(listed).toBe(1)
})
