import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { chatsRoutes, type UpdateChatRequest } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { chatIs, createChat, messagesOf, outline } from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import { type GatedMcpServer, startGatedMcpServer } from '../gated-mcp-server.ts'

let ground: ChatWorkspace
let client: CoderClient
let mcp: GatedMcpServer

beforeAll(async () => {
  ground = await startChatWorkspace()
  mcp = await startGatedMcpServer()
  ;({ client } = ground)
})
afterEach(() => {
  expect(ground.model.left()).toBe(0)
})
afterAll(async () => {
  await ground.close()
  await mcp.close()
})

/** A chat that waits for its owner to allow a file to be written. */
async function beginWaiting(): Promise<string> {
  ground.model.script({ calls: [{ name: 'write_file', args: { path: 'void.txt', content: 'x' }, id: 'w' }] })
  const { id } = await createChat(client, 'go', { workspace_id: ground.workspaceId })
  await chatIs(client, id, 'requires_action')
  return id
}
const change = (chat: string, body: UpdateChatRequest) =>
  client.call(chatsRoutes.update, { params: { chat }, body })

/** What the call was answered with once the chat went on by itself. */
async function goesOn(id: string): Promise<string> {
  await chatIs(client, id, 'waiting')
  const results = (await messagesOf(client, id)).filter(({ role }) => role === 'tool')
  return (results[0]?.content?.[0]?.result as { error?: string } | undefined)?.error ?? ''
}

describe('a chat that waits for its owner goes on when its calls cannot run any more', () => {
  it.each<[string, UpdateChatRequest, string]>([
    ['since it plans', { plan_mode: 'plan' }, 'can be written'],
    ['since it has no workspace', { workspace_id: zeroUuid }, 'no tool named'],
  ])('%s', async (_, request, error) => {
    const id = await beginWaiting()
    ground.model.script({ text: 'fine' })
    await change(id, request)
    expect(await goesOn(id)).toContain(error)
  })

  it('by what a message brought, which is heard next', async () => {
    const id = await beginWaiting()
    ground.model.script({ text: 'fine' }, { text: 'planned' })
    await client.call(chatMessagesRoutes.send, {
      params: { chat: id },
      body: { content: [{ type: 'text', text: 'plan first' }], plan_mode: 'plan' },
    })
    expect(await goesOn(id)).toContain('can be written')
    expect(outline(await messagesOf(client, id)).slice(-2)).toEqual([
      'user: plan first',
      'assistant: planned',
    ])
  })

  it('since their MCP server was switched off', async () => {
    const server = await client.call(mcpServersRoutes.create, {
      body: {
        ...{ display_name: 'Void', slug: 'void', transport: 'streamable_http', url: mcp.currentUrl },
        ...{ auth_type: 'none', availability: 'default_off', enabled: true },
      },
    })
    ground.model.script({ calls: [{ name: 'void__echo', args: { text: 'x' } }] })
    const { id } = await createChat(client, 'go', { mcp_server_ids: [server.id] })
    await chatIs(client, id, 'requires_action')
    ground.model.script({ text: 'fine' })
    await client.call(mcpServersRoutes.update, { params: { mcpserver: server.id }, body: { enabled: false } })
    expect(await goesOn(id)).toContain('no tool named')
  })

  it('at a decision, where nobody has told it before', async () => {
    const id = await beginWaiting()
    ground.server.deployment.services.chatStore.update(id, { plan_mode: 'plan' })
    ground.model.script({ text: 'fine' })
    await client.call(chatApprovalsRoutes.decide, {
      params: { chat: id },
      body: { decisions: [{ tool_call_id: 'w', decision: 'allow' }] },
    })
    expect(await goesOn(id)).toContain('can be written')
    expect(existsSync(join(ground.folder, 'void.txt'))).toBe(false)
  })

  it('when the server starts', async () => {
    const id = await beginWaiting()
    ground.server.deployment.services.chatStore.update(id, { workspace_id: null })
    ground.model.script({ text: 'fine' })
    await ground.server.restart()
    client = await ground.server.ownerClient()
    expect(await goesOn(id)).toContain('no tool named')
  })
})

it('rules that chats could not be told of do not hold', async () => {
  const { approvals } = ground.server.deployment.services
  vi.spyOn(approvals, 'settle').mockImplementationOnce(() => {
    throw new Error('The disk is full.')
  })
  const rules = [{ tool: 'execute', policy: 'always' } as const]
  await expect(client.call(chatApprovalsRoutes.updateOwnPolicy, { body: { rules } })).rejects.toMatchObject({
    status: 500,
  })
  expect((await client.call(chatApprovalsRoutes.ownPolicy, {})).rules).toEqual([])
})
