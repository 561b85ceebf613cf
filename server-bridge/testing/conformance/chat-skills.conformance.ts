import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { userSkillsRoutes } from '../../contract/user-skills.ts'
import { chatIs, configureModel, createChat, messagesOf } from '../chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient

beforeAll(async () => {
  server = await startTestServer()
  model = await startScriptedModel()
  client = await server.ownerClient()
  await configureModel(client, model)
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const me = { user: 'me' }
const content = (name: string, description: string, body: string): string =>
  `---\nname: ${name}\ndescription: ${description}\n---\n${body}\n`
const create = (text: string, who = client) =>
  who.call(userSkillsRoutes.create, { params: me, body: { content: text } })
const lastBody = (): string => JSON.stringify(model.requests.at(-1)?.body)

it('skills are kept, renamed and removed by their user alone', async () => {
  const other = await server.memberClient('linus')
  const text = content('release', '"How we release"', '# Steps')
  expect(await create(text)).toMatchObject({ name: 'release', description: 'How we release', content: text })
  await expect(create(text)).rejects.toMatchObject({ status: 409 })
  for (const bad of [
    'no front matter',
    content('', 'x', ''),
    content('a b', 'x', ''),
    content('a/b', 'x', ''),
  ])
    await expect(create(bad)).rejects.toMatchObject({ status: 400 })
  await expect(create(content('big', 'x', 'y'.repeat(65 * 1024)))).rejects.toMatchObject({ status: 400 })
  // The same name is free for somebody else.
  await create(text, other)
  const params = { ...me, name: 'release' }
  const updated = await client.call(userSkillsRoutes.update, {
    params,
    body: { content: content('ship', 'How we ship', '# Ship') },
  })
  expect(updated.name).toBe('ship')
  const ship = { params: { ...me, name: 'ship' } }
  expect(await client.call(userSkillsRoutes.get, ship)).toMatchObject({ description: 'How we ship' })
  await create(content('review', 'How we review', '# Review'))
  const taken = { content: content('review', 'Taken', '#') }
  await expect(client.call(userSkillsRoutes.update, { ...ship, body: taken })).rejects.toMatchObject({
    status: 409,
  })
  await expect(client.call(userSkillsRoutes.update, { params, body: taken })).rejects.toMatchObject({
    status: 404,
  })
  await client.call(userSkillsRoutes.delete, { params: { ...me, name: 'review' } })
  const nobody = { user: 'nobody-here' }
  await expect(client.call(userSkillsRoutes.create, { params: nobody, body: taken })).rejects.toMatchObject({
    status: 404,
  })
  await expect(client.call(userSkillsRoutes.get, { params })).rejects.toMatchObject({ status: 404 })
  const [row] = await client.call(userSkillsRoutes.list, { params: me })
  expect(row).toMatchObject({ name: 'ship', description: 'How we ship' })
  expect(row).not.toHaveProperty('content')
  await expect(client.call(userSkillsRoutes.list, { params: { user: 'linus' } })).rejects.toMatchObject({
    status: 404,
  })
  await client.call(userSkillsRoutes.delete, { params: { ...me, name: 'ship' } })
  expect(await client.call(userSkillsRoutes.list, { params: me })).toEqual([])
})

it('an agent knows the skills of its user by name, and reads them when it needs to', async () => {
  await create(content('deploy', 'How we deploy', 'Run make deploy.'))
  model.script(
    {
      calls: [
        { name: 'read_skill', args: { name: 'deploy' } },
        { name: 'read_skill', args: { name: 'missing' } },
      ],
    },
    { text: 'Done.' },
  )
  const { id } = await createChat(client, 'deploy it')
  await chatIs(client, id, 'waiting')
  expect(JSON.stringify(model.requests.at(-2)?.body)).toContain('- deploy: How we deploy')
  expect(JSON.stringify(model.requests.at(-2)?.body)).not.toContain('make deploy')
  const results = (await messagesOf(client, id))
    .filter(({ role }) => role === 'tool')
    .map(({ content: parts }) => parts?.[0]?.result)
  expect(results[0]).toEqual({ name: 'deploy', body: 'Run make deploy.\n', files: [] })
  expect(results[1]).toMatchObject({ error: expect.stringContaining('missing') as string })
})

it('an agent is told the notes of its workspace, bounded, as what they are', async () => {
  const { workspace } = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'work')
  const { records } = server.deployment.services.agents
  const folder = join(server.dataDir, 'workspaces', records.wantedOf(workspace.id)[0]?.workspaceFolder ?? '')
  writeFileSync(join(folder, 'AGENTS.md'), `Use tabs.\u202E${' x'.repeat(20_000)} the very end`)
  writeFileSync(join(folder, 'CLAUDE.md'), 'Use spaces.')
  model.script({ text: 'Tabs it is.' })
  const { id } = await createChat(client, 'how to indent', { workspace_id: workspace.id })
  await chatIs(client, id, 'waiting')
  expect(lastBody()).toContain(String.raw`<workspace-notes file=\"AGENTS.md\">\nUse tabs. x`)
  expect(lastBody()).not.toMatch(/the very end|Use spaces|\u202E/)
  model.script({ text: 'Hello.' })
  const bare = await createChat(client, 'hello')
  await chatIs(client, bare.id, 'waiting')
  expect(lastBody()).not.toContain('workspace-notes')
})
