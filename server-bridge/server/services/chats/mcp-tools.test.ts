import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../lib/clock.ts'
import { silentLogger } from '../../../lib/logger.ts'
import { type GatedMcpServer, startGatedMcpServer } from '../../../testing/gated-mcp-server.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open-database.ts'
import { createMcp } from '../mcp/mcp.ts'
import { createSecretBox, newSecretKey } from '../secret-box.ts'
import type { ChatRow } from './chat-rows.ts'
import { emptyChat } from './empty-chat.ts'
import { createMcpTools } from './mcp-tools.ts'
import type { ToolSource } from './tool-box.ts'
import type { ToolCall } from './turn-decision.ts'

const SECRET = 'seeded-secret-value'
let folder: string
let db: Database
let one: GatedMcpServer
let two: GatedMcpServer
let mcp: ReturnType<typeof createMcp>
let tools: ToolSource
const { signal } = new AbortController()

beforeAll(async () => {
  one = await startGatedMcpServer()
  two = await startGatedMcpServer()
})
afterAll(async () => {
  await one.close()
  await two.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-mcp-tools-'))
  db = openDatabase(folder)
  const box = createSecretBox(newSecretKey())
  mcp = createMcp({ db, clock: systemClock, logger: silentLogger, box, accessUrl: () => 'http://x.example' })
  tools = createMcpTools({ mcp, clock: systemClock, logger: silentLogger })
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

/** A server, made in this order; its slug may be one that is refused today. */
async function addServer(slug: string, more: object = {}): Promise<string> {
  const { id } = await mcp.servers.create(
    {
      ...{
        display_name: slug,
        slug: `made-${db.all(db.sql.selectFrom('mcp_server_configs').selectAll()).length}`,
      },
      ...{
        transport: 'streamable_http',
        url: one.currentUrl,
        auth_type: 'none',
        availability: 'default_off',
      },
      ...{ enabled: true, ...more },
    },
    'admin',
  )
  db.run(db.sql.updateTable('mcp_server_configs').set({ slug }).where('id', '=', id))
  return id
}
const chatWith = (...ids: string[]): ChatRow => ({
  ...emptyChat(0),
  ...{ organization_id: 'o', owner_id: 'u', last_model_config_id: 'm', title: '' },
  mcp_server_ids: JSON.stringify(ids),
})
const callOf = (name: string, serverId: string | undefined, args: object = {}): ToolCall => ({
  ...{ id: 'c', messageId: 1, name, serverId, args, invalid: false },
})
/** What a call is answered: the result, or what the model is told instead. */
async function answer(chat: ChatRow, call: ToolCall): Promise<unknown> {
  const check = tools.check(chat, call)
  if (check === undefined) return undefined
  if (!check.ok) return (await check.explain?.(signal)) ?? check.error
  return tools.run(chat, call, signal, () => undefined)
}
const namesFor = async (chat: ChatRow) => (await tools.offer(chat, signal)).tools.map(({ name }) => name)

describe('a tool of an MCP server', () => {
  it('is run by the server it was offered by, however much another one is called like it', async () => {
    const plain = await addServer('gh')
    const longer = await addServer('gh__prod', { url: two.currentUrl })
    const chat = chatWith(plain, longer)
    const { serverOf } = await tools.offer(chat, signal)
    expect([serverOf('gh__echo'), serverOf('gh__prod__echo')]).toEqual([plain, longer])
    const before = [one.requests.length, two.requests.length]
    expect(await answer(chat, callOf('gh__prod__echo', longer, { text: 'x' }))).toMatchObject({
      result: { output: 'x' },
      mcp_server_config_id: longer,
    })
    expect(one.requests.length).toBe(before[0])
    expect(two.requests.length).toBeGreaterThan(before[1] ?? 0)
    // By the name alone it could be a tool of both.
    expect(await answer(chat, callOf('gh__prod__echo', plain, { text: 'x' }))).toBeUndefined()
  })

  it('is only that of the older of two servers whose tools are called the same', async () => {
    const older = await addServer('a.b', { tool_allow_list: ['echo'] })
    const younger = await addServer('a_b', { url: two.currentUrl })
    db.run(db.sql.updateTable('mcp_server_configs').set({ created_at: 1 }).where('id', '=', older))
    const { instructions, serverOf, tools: offered } = await tools.offer(chatWith(older, younger), signal)
    expect(offered.map(({ name }) => name)).toEqual(['a_b__echo'])
    expect(serverOf('a_b__echo')).toBe(older)
    expect(instructions.join()).toContain('"a_b" cannot be used now')
    expect(await namesFor(chatWith(younger))).toEqual([])
    expect(await answer(chatWith(younger), callOf('a_b__echo', younger, { text: 'x' }))).toBeUndefined()
  })

  it('that was never offered is none, and nobody is asked about it', async () => {
    const id = await addServer('gh')
    const chat = chatWith(id)
    for (const call of [callOf('gh__nothing', undefined), callOf('gh__echo', undefined)]) {
      expect(tools.check(chat, call)).toMatchObject({ ok: false })
      expect(await answer(chat, call)).toContain(`no tool named "${call.name}"`)
    }
    // The server has lost it since.
    expect(await answer(chat, callOf('gh__nothing', id))).toBeUndefined()
  })

  it.each([{ tool_deny_list: ['echo'] }, { tool_allow_list: ['whoami'] }])(
    'that %j excludes is refused before anybody is asked',
    async (lists) => {
      const id = await addServer('gh', lists)
      const refused = { ok: false, error: expect.stringContaining('no tool named "gh__echo"') as string }
      expect(tools.check(chatWith(id), callOf('gh__echo', id))).toMatchObject(refused)
      expect(tools.check(chatWith(id), callOf('gh__whoami', id))).toEqual({ ok: true })
    },
  )
})

describe('a call to a server that cannot be reached', () => {
  it.each([
    ['is not there', 'http://user:pw@127.0.0.1:9/seeded-path?token=seeded-query'],
    ['refuses', () => `${two.currentUrl}?token=seeded-query`],
  ])('that %s is answered with a sentence', async (_, url) => {
    const id = await addServer('gh', {
      ...{ url: typeof url === 'string' ? url : url(), auth_type: 'custom_headers' },
      custom_headers: { 'X-Key': SECRET },
    })
    two.required = { 'X-Key': 'another' }
    const failed = await Promise.resolve(answer(chatWith(id), callOf('gh__echo', id))).then(
      () => 'nothing',
      (error: unknown) => String(error),
    )
    two.required = {}
    expect(failed).toContain('The MCP server "gh" cannot be used now: ')
    expect(failed).not.toMatch(/seeded|http:|X-Key|127\.0/)
  })
})
