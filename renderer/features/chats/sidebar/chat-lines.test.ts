import { expect, it } from 'vitest'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { sampleId } from '../../../testing/wire-samples.ts'
import { chatLines, type ChatLinesInput } from './chat-lines.ts'

const now = new Date(2026, 10, 25, 15).getTime()
const day = 24 * 60 * 60 * 1000
const at = (daysAgo: number): string => new Date(now - daysAgo * day).toISOString()
const rest = { grouping: 'state' as const, shared: [], now, folded: [], opened: [], heldId: undefined }
const words = (input: Partial<ChatLinesInput> & Pick<ChatLinesInput, 'chats'>): string[] =>
  chatLines({ ...rest, ...input }).map((line) =>
    line.kind === 'group' ? `${line.label} ${line.count}` : `- ${line.chat.title}`,
  )
let index = 0
const chat = (title: string, change = {}) =>
  sampleChat({ id: sampleId(30, (index += 1)), title, updated_at: at(0), ...change })

it('puts what waits for the person first, and what is done by the day', () => {
  expect(
    words({
      chats: [
        chat('pin', { pin_order: 1 }),
        chat('old', { updated_at: at(30) }),
        chat('run', { status: 'running' }),
        chat('today'),
        chat('ask', { status: 'requires_action' }),
        chat('yesterday', { updated_at: at(1) }),
        chat('week', { updated_at: at(4) }),
        chat('bad', { status: 'error' }),
      ],
      shared: [chat('theirs')],
    }),
  ).toEqual([
    ...['Pinned 1', '- pin', 'Waiting for you 1', '- ask', 'Working 1', '- run', 'Stopped 1', '- bad'],
    ...[
      'Done today 1',
      '- today',
      'Done yesterday 1',
      '- yesterday',
      'Done this week 1',
      '- week',
      'Done before 1',
      '- old',
    ],
    ...['Shared with me 1', '- theirs'],
  ])
})

it('hides the chats of a folded group and shows the sub-agents of an opened root', () => {
  const child = sampleChat({ id: sampleId(30, 900), title: 'child', parent_chat_id: sampleId(30, 899) })
  const root = chat('root', { id: sampleId(30, 899), children: [child] })
  expect(words({ chats: [root] })).toEqual(['Done today 1', '- root'])
  expect(words({ chats: [root], opened: [root.id] })).toEqual(['Done today 1', '- root', '- child'])
  expect(words({ chats: [root], folded: ['today'] })).toEqual(['Done today 1'])
})

it('leaves the chat that is looked at where it was', () => {
  const read = chat('read')
  expect(words({ chats: [read], heldId: read.id })).toEqual(['Waiting for you 1', '- read'])
})

it('groups by date, or by whether there is news, where that is wanted', () => {
  const read = chat('read', { updated_at: at(1) })
  const chats = [
    chat('pin', { pin_order: 1, updated_at: at(30) }),
    chat('run', { status: 'running', has_unread: true }),
    read,
    chat('week', { updated_at: at(4), status: 'error' }),
    chat('old', { updated_at: at(30), has_unread: true }),
  ]
  const pinned = ['Pinned 1', '- pin']
  expect(words({ grouping: 'date', chats })).toEqual([
    ...pinned,
    ...['Today 1', '- run', 'Yesterday 1', '- read', 'This week 1', '- week', 'Older 1', '- old'],
  ])
  const news = ['- run', '- old']
  expect(words({ grouping: 'unread', chats })).toEqual([
    ...[...pinned, 'Unread 2', ...news, 'Read 2', '- read', '- week'],
  ])
  // What is looked at stays where it was when it was opened.
  expect(words({ grouping: 'unread', chats, heldId: read.id })).toContain('Unread 3')
})
