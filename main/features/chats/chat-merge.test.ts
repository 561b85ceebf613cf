import { describe, expect, it } from 'vitest'
import { chatSchema, type Chat } from '#bridge/contract/chats'
import type { ChatWatchEventKind } from '#bridge/contract/chats-watch'
import { testUuid } from '../../testing/builders.ts'
import { asksForReading, keepNewer, mergeChat, mergeList } from './chat-merge.ts'

const EARLY = '2026-11-01T10:00:00Z'
const LATE = '2026-11-01T11:00:00Z'

function chat(number: number, more: Partial<Chat> = {}): Chat {
  return {
    ...chatSchema.parse({
      id: testUuid(number),
      organization_id: testUuid(900),
      owner_id: testUuid(901),
      last_model_config_id: testUuid(902),
      title: `Chat ${number}`,
      status: 'waiting',
      created_at: EARLY,
      updated_at: EARLY,
    }),
    ...more,
  }
}
const event = (kind: ChatWatchEventKind, row: Chat) => ({ kind, chat: row })

describe('what an event changes of a chat', () => {
  it('is its status only when the event is not older', () => {
    const row = chat(1, { updated_at: LATE })
    expect(mergeChat(row, event('status_change', chat(1, { status: 'running' }))).status).toBe('waiting')
    const fresh = chat(1, { status: 'running', updated_at: LATE })
    expect(mergeChat(row, event('status_change', fresh)).status).toBe('running')
  })

  it('is its title whenever it came, and nothing else of an old event', () => {
    const row = chat(1, { updated_at: LATE, workspace_id: testUuid(7) })
    const merged = mergeChat(row, event('title_change', chat(1, { title: 'Named' })))
    expect(merged).toMatchObject({ title: 'Named', workspace_id: testUuid(7), updated_at: LATE })
  })

  it('is the summary of the chat only where the event is about it, however old it is', () => {
    const row = chat(1, { updated_at: LATE, summary: 'So far.', last_turn_summary: 'Tidied' })
    const told = chat(1, { summary: 'All of it.', last_turn_summary: 'Swept', updated_at: LATE })
    expect(mergeChat(row, event('summary_change', told))).toMatchObject({
      summary: 'So far.',
      last_turn_summary: 'Swept',
    })
    expect(mergeChat(row, event('chat_summary_change', told))).toMatchObject({
      summary: 'All of it.',
      last_turn_summary: 'Tidied',
    })
    const gone = chat(1, { summary: null })
    expect(mergeChat(row, event('chat_summary_change', gone)).summary).toBeNull()
  })

  it('is that it waits for capacity, until an event that is not older says no more of it', () => {
    const row = chat(1, { updated_at: LATE, status: 'running' })
    const queued = chat(1, { status: 'running', queued_for_capacity: true, updated_at: LATE })
    const waits = mergeChat(row, event('status_change', queued))
    expect(waits.queued_for_capacity).toBe(true)
    const old = chat(1, { status: 'running' })
    expect(mergeChat(waits, event('status_change', old)).queued_for_capacity).toBe(true)
    expect(mergeChat(waits, event('status_change', row)).queued_for_capacity).toBeUndefined()
  })

  it('is that its context is old where the event is about that, with the resources that are known', () => {
    const resources = [
      { source: '/w/AGENTS.md', kind: 'instruction_file', size_bytes: 9, status: 'ok' } as const,
    ]
    const row = chat(1, { updated_at: LATE, context: { dirty: false, resources } })
    const dirty = chat(1, { context: { dirty: true, dirty_since: LATE, resources: [] } })
    expect(mergeChat(row, event('context_dirty', dirty)).context).toEqual({
      dirty: true,
      dirty_since: LATE,
      resources,
    })
    expect(mergeChat(row, event('context_dirty', chat(1))).context).toEqual(row.context)
    expect(mergeChat(row, event('title_change', dirty)).context).toEqual(row.context)
  })

  it('leaves what an event never has: files, unread and the state of changes', () => {
    const row = chat(1, { has_unread: true, files: [] })
    const merged = mergeChat(row, event('status_change', chat(1, { status: 'error', updated_at: LATE })))
    expect(merged).toMatchObject({ has_unread: true, files: [], status: 'error' })
  })
})

it('a reading that is older than an event leaves the state the event told', () => {
  const known = chat(1, { status: 'waiting', updated_at: LATE })
  const read = chat(1, { status: 'running', title: 'Read', updated_at: EARLY })
  expect(keepNewer(known, read)).toMatchObject({ status: 'waiting', title: 'Read', updated_at: LATE })
  expect(keepNewer(read, known)).toBe(known)
  const summed = { ...known, summary: 'All of it.' }
  expect(keepNewer(summed, { ...read, summary: 'So far.' }).summary).toBe('All of it.')
})

describe('a list of chats', () => {
  it('stays in the order of the server', () => {
    const pinned = chat(3, { pin_order: 1 })
    const list = [pinned, chat(2), chat(1)]
    const news = event('status_change', chat(1, { status: 'running', updated_at: LATE }))
    expect(mergeList(list, news).map(({ title }) => title)).toEqual(['Chat 3', 'Chat 1', 'Chat 2'])
  })

  it('takes news of a sub-agent to its parent', () => {
    const parent = chat(1, { children: [chat(5, { parent_chat_id: testUuid(1) })] })
    const news = event('status_change', chat(5, { status: 'requires_action', updated_at: LATE }))
    expect(mergeList([parent], news)[0]?.children[0]?.status).toBe('requires_action')
  })

  it('is read anew for a chat that comes, goes or is not in it', () => {
    expect(asksForReading([chat(1)], event('created', chat(1)))).toBe(true)
    expect(asksForReading([chat(1)], event('deleted', chat(1)))).toBe(true)
    expect(asksForReading([chat(1)], event('status_change', chat(2)))).toBe(true)
    expect(asksForReading([chat(1)], event('status_change', chat(1)))).toBe(false)
  })
})
