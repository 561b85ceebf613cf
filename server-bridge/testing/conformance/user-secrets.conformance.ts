import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { CoderApiError } from '../../client/errors.ts'
import { gitSshKeyRoutes, type UserSecret, userSecretsRoutes } from '../../contract/user-secrets.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate, openTerminal } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let member: CoderClient

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  member = await server.memberClient('bob')
})
afterAll(() => server.close())

const me = { user: 'me' }
type Create = Parameters<typeof create>[0]
const create = (
  body: { readonly name: string; readonly value: string } & Partial<Record<string, unknown>>,
  by = client,
) => by.call(userSecretsRoutes.create, { params: me, body })
const importFile = (format: 'env' | 'json' | 'yaml', content: string, by = client) =>
  by.call(userSecretsRoutes.import, { params: me, body: { format, content } })

async function refusal(call: Promise<unknown>): Promise<{ status: number; fields: string[]; text: string }> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof CoderApiError)) throw error
    const fields = error.validations.map(({ field }) => field)
    return { status: error.status, fields, text: JSON.stringify([error.message, error.validations]) }
  }
  throw new Error('It was not refused.')
}

describe('secrets', () => {
  it('are made, listed, changed and deleted, and their values never come back', async () => {
    const made = await create({ name: 'token', value: 'top secret', env_name: 'MY_TOKEN' }, member)
    expect(made).toMatchObject({ name: 'token', env_name: 'MY_TOKEN', file_path: '', enabled: true })
    const changed = await member.call(userSecretsRoutes.update, {
      params: { ...me, name: 'token' },
      body: { value: 'other secret', description: 'mine', file_path: '~/.token' },
    })
    const got = await member.call(userSecretsRoutes.get, { params: { ...me, name: 'token' } })
    expect(got).toEqual(changed)
    expect(await member.call(userSecretsRoutes.list, { params: me })).toEqual([changed])
    expect(JSON.stringify([made, changed, got])).not.toContain('secret"')
    await member.call(userSecretsRoutes.delete, { params: { ...me, name: 'token' } })
    expect(await member.call(userSecretsRoutes.list, { params: me })).toEqual([])
    const gone = member.call(userSecretsRoutes.delete, { params: { ...me, name: 'token' } })
    expect((await refusal(gone)).status).toBe(404)
  })

  it('lie sealed in the database and its journal, and appear in no audit entry', async () => {
    const value = 'findable-secret-value-1234567890'
    await create({ name: 'sealed', value }, member)
    for (const name of ['outpost.db', 'outpost.db-wal']) {
      expect(readFileSync(join(server.dataDir, name)).includes(value)).toBe(false)
    }
    const entries = server.deployment.services.auditLog.newest(10)
    expect(entries[0]).toMatchObject({ resource_type: 'user_secret', resource_target: 'sealed' })
    expect(JSON.stringify(entries)).not.toContain(value)
    expect(statSync(join(server.dataDir, 'secret.key')).mode & 0o077).toBe(0)
    await member.call(userSecretsRoutes.delete, { params: { ...me, name: 'sealed' } })
  })

  it('without a place to go are off, and cannot be switched on', async () => {
    expect(await create({ name: 'off', value: 'x' }, member)).toMatchObject({ enabled: false })
    const update = (body: Record<string, unknown>) =>
      member.call(userSecretsRoutes.update, { params: { ...me, name: 'off' }, body })
    expect(await refusal(update({ enabled: true }))).toMatchObject({ status: 400, fields: ['enabled'] })
    expect((await refusal(update({}))).status).toBe(400)
    expect(await update({ enabled: true, env_name: 'OFF' })).toMatchObject({ enabled: true })
    await member.call(userSecretsRoutes.delete, { params: { ...me, name: 'off' } })
  })

  it.each<[string, Create, string[]]>([
    ['no name', { name: '', value: 'x' }, ['name']],
    ['a name with a slash', { name: 'a/b', value: 'x' }, ['name']],
    ['no value', { name: 'a', value: '' }, ['value']],
    ['a value over 24 KiB', { name: 'a', value: 'x'.repeat(24 * 1024 + 1) }, ['value']],
    ['a variable that is none', { name: 'a', value: 'x', env_name: '1A' }, ['env_name']],
    ['a variable of the shell', { name: 'a', value: 'x', env_name: 'Path' }, ['env_name']],
    ['a variable of the linker', { name: 'a', value: 'x', env_name: 'LD_PRELOAD' }, ['env_name']],
    ['a variable of ours', { name: 'a', value: 'x', env_name: 'CODER_X' }, ['env_name']],
    ['a long variable', { name: 'a', value: 'x', env_name: 'A'.repeat(257) }, ['env_name']],
    ['a relative path', { name: 'a', value: 'x', file_path: 'a/b' }, ['file_path']],
    ['a path that climbs', { name: 'a', value: 'x', file_path: '~/../b' }, ['file_path']],
    ['a folder', { name: 'a', value: 'x', file_path: '~/a/' }, ['file_path']],
    ['enabled without a place', { name: 'a', value: 'x', enabled: true }, ['enabled']],
  ])('with %s are refused by field', async (_, body, fields) => {
    const refused = await refusal(create(body))
    expect(refused).toMatchObject({ status: 400, fields })
  })

  it('with a name, variable or file that is taken are refused', async () => {
    await create({ name: 'one', value: 'x', env_name: 'ONE', file_path: '~/one' }, member)
    for (const body of [
      { name: 'one', value: 'y' },
      { name: 'two', value: 'y', env_name: 'ONE' },
      { name: 'two', value: 'y', file_path: '~/one' },
    ]) {
      expect((await refusal(create(body, member))).status).toBe(409)
    }
    await create({ name: 'two', value: 'y' }, member)
    const change = member.call(userSecretsRoutes.update, {
      params: { ...me, name: 'two' },
      body: { env_name: 'ONE' },
    })
    expect((await refusal(change)).status).toBe(409)
    for (const name of ['one', 'two'])
      await member.call(userSecretsRoutes.delete, { params: { ...me, name } })
  })

  it('of another account are nobody else’s, not even the owner’s', async () => {
    await create({ name: 'mine', value: 'x' }, member)
    const others = { user: 'bob', name: 'mine' }
    for (const call of [
      () => client.call(userSecretsRoutes.list, { params: others }),
      () => client.call(userSecretsRoutes.get, { params: others }),
      () => client.call(userSecretsRoutes.delete, { params: others }),
      () => client.call(userSecretsRoutes.update, { params: others, body: { description: 'x' } }),
      () => client.call(gitSshKeyRoutes.get, { params: others }),
      () => client.call(gitSshKeyRoutes.renew, { params: others }),
    ]) {
      expect((await refusal(call())).status).toBe(404)
    }
    expect((await refusal(server.client().call(userSecretsRoutes.list, { params: me }))).status).toBe(401)
    await member.call(userSecretsRoutes.delete, { params: { ...me, name: 'mine' } })
  })

  it('are at most fifty, and 200 KiB together', async () => {
    const carol = await server.memberClient('carol')
    const lines = Array.from({ length: 50 }, (_, index) => `K${index}=v`).join('\n')
    expect(await importFile('env', lines, carol)).toHaveLength(50)
    expect((await refusal(create({ name: 'more', value: 'x' }, carol))).status).toBe(400)
    const dave = await server.memberClient('dave')
    for (let index = 0; index < 8; index += 1)
      await create({ name: `big${index}`, value: 'x'.repeat(24 * 1024) }, dave)
    expect((await refusal(create({ name: 'big8', value: 'x'.repeat(9000) }, dave))).status).toBe(400)
    expect(await dave.call(userSecretsRoutes.list, { params: me })).toHaveLength(8)
  })
})

describe('a file of secrets', () => {
  it.each([
    ['env', 'ALPHA=a\nPATH=b\nMY-TOKEN=c\n'],
    ['json', '{"ALPHA":"a","PATH":"b","MY-TOKEN":"c"}'],
    ['yaml', 'ALPHA: a\nPATH: b\nMY-TOKEN: c\n'],
  ] as const)('in %s is taken over; keys that cannot be variables have none', async (format, content) => {
    const account = await server.memberClient(`import-${format}`)
    const made = await importFile(format, content, account)
    const shown = ({ name, env_name, enabled }: UserSecret) => [name, env_name, enabled]
    expect(made.map(shown)).toEqual([
      ['ALPHA', 'ALPHA', true],
      ['PATH', '', false],
      ['MY-TOKEN', '', false],
    ])
  })

  it('with one bad entry is refused whole, by its place', async () => {
    const account = await server.memberClient('erin')
    const refused = await refusal(importFile('env', `GOOD=x\nA/B=y\nEMPTY=\n`, account))
    expect(refused).toMatchObject({ status: 400, fields: ['secrets[1].name', 'secrets[2].value'] })
    expect((await refusal(importFile('env', 'A=x\nA=y', account))).fields).toEqual(['secrets[1].name'])
    await create({ name: 'TAKEN', value: 'x' }, account)
    expect((await refusal(importFile('env', 'NEW=x\nTAKEN=y', account))).status).toBe(409)
    expect(await account.call(userSecretsRoutes.list, { params: me })).toHaveLength(1)
  })

  it('is refused when its body is larger than 8 MiB', async () => {
    expect((await refusal(importFile('env', 'x'.repeat(8 * 1024 * 1024), member))).status).toBe(413)
  })

  it('that cannot be read is refused without a word of it', async () => {
    const refused = await refusal(importFile('json', '{"a": topsecret'))
    expect(refused).toMatchObject({ status: 400, fields: ['content'] })
    expect(refused.text).not.toContain('topsecret')
    expect((await refusal(importFile('env', `A=${'x'.repeat(1024 * 1024)}`))).fields).toEqual(['content'])
    expect((await refusal(importFile('ini' as 'env', 'A=x'))).status).toBe(400)
  })
})

describe('a running workspace', () => {
  it('has its owner’s secrets as variables and files, from its next start on', async () => {
    await create({ name: 'both', value: 'top secret', env_name: 'SECRET_VALUE', file_path: '~/keys/secret' })
    await create({ name: 'disabled', value: 'unseen', env_name: 'UNSEEN_VALUE', enabled: false })
    const { agent } = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
    const path = join(server.dataDir, 'workspaces/main/keys/secret')
    expect(readFileSync(path, 'utf8')).toBe('top secret')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await create({ name: 'later', value: 'not yet', env_name: 'LATER_VALUE' })
    const terminal = await openTerminal(client, agent.id, {
      reconnect: crypto.randomUUID(),
      command: 'echo "[$SECRET_VALUE][$UNSEEN_VALUE][$LATER_VALUE]"; sleep 60',
    })
    await terminal.shows('[top secret][][]')
    await terminal.close()
  })
})

describe('the git key', () => {
  it('is made when it is first asked for, stays, and is another one after renewal', async () => {
    const first = await client.call(gitSshKeyRoutes.get, { params: me })
    expect(first.public_key).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5[A-Za-z0-9+/]+=*\n$/)
    expect(await client.call(gitSshKeyRoutes.get, { params: me })).toEqual(first)
    const second = await client.call(gitSshKeyRoutes.renew, { params: me })
    expect(second.public_key).not.toBe(first.public_key)
    expect(await client.call(gitSshKeyRoutes.get, { params: me })).toEqual(second)
    expect(JSON.stringify(second)).not.toContain('PRIVATE')
  })
})
