import { describe, expect, it } from 'vitest'
import { sampleChat, sampleChatModel } from '../../testing/chat-samples.ts'
import { chatGroup, chatMark, chatSubtitle, chatTitle } from './chat-state.ts'

const pullRequest = (state: string, change = {}) => ({
  chat_id: sampleChat().id,
  url: 'https://forge.test/pull/7',
  pull_request_state: state,
  pull_request_title: '',
  pull_request_draft: false,
  changes_requested: false,
  additions: 4,
  deletions: 1,
  changed_files: 2,
  pr_number: 7,
  ...change,
})

const withAskingChild = (change: Parameters<typeof sampleChat>[0] = {}) =>
  sampleChat({
    ...change,
    children: [sampleChat({ status: 'running' }), sampleChat({ status: 'requires_action' })],
  })

describe('where a chat belongs', () => {
  it.each([
    ['a call that waits', sampleChat({ status: 'requires_action' }), 'waiting'],
    ['a call of a sub-agent that waits', withAskingChild(), 'waiting'],
    ['the same while its own turn goes on', withAskingChild({ status: 'running' }), 'waiting'],
    ['a turn', sampleChat({ status: 'running' }), 'working'],
    ['a word of an older server for work', sampleChat({ status: 'pending' }), 'working'],
    ['a word nobody knows', sampleChat({ status: 'dreaming' }), 'working'],
    ['words of older servers for rest', sampleChat({ status: 'completed' }), 'done'],
    ['an error', sampleChat({ status: 'error', has_unread: true }), 'stopped'],
    ['news', sampleChat({ has_unread: true }), 'waiting'],
    ['a plan or a question', sampleChat({ plan_mode: 'plan' }), 'waiting'],
    ['a plan in the archive', sampleChat({ plan_mode: 'plan', archived: true }), 'done'],
    ['an open pull request', sampleChat({ diff_status: pullRequest('open') }), 'review'],
    ['a merged one', sampleChat({ diff_status: pullRequest('merged') }), 'done'],
    ['nothing', sampleChat(), 'done'],
  ] as const)('%s', (_, chat, group) => expect(chatGroup(chat)).toBe(group))
})

it('tells a chat that stops from one that works', () => {
  expect(chatMark(sampleChat({ status: 'interrupting' }))).toEqual({ status: 'stopping', label: 'Stopping' })
})

it('tells a chat whose turn has not begun from one that works', () => {
  const chat = sampleChat({ status: 'running', queued_for_capacity: true })
  expect(chatGroup(chat)).toBe('working')
  expect(chatMark(chat)).toEqual({ status: 'pending', label: 'Waits for capacity' })
  expect(chatSubtitle(chat, [sampleChatModel()])).toBe('Waits for capacity')
  expect(chatMark({ ...chat, status: 'interrupting' }).label).toBe('Stopping')
  // What a row said before its turn ended holds no longer.
  expect(chatMark({ ...chat, status: 'waiting' }).label).toBe('Done')
})

describe('the line below the title', () => {
  const models = [sampleChatModel({ displayName: 'Large' })]
  it.each([
    [
      sampleChat({ status: 'error', last_error: { message: 'x', kind: 'rate_limit', retryable: true } }),
      'The provider takes no more requests for now',
    ],
    [
      sampleChat({ status: 'error', last_error: { message: 'x', kind: 'canceled', retryable: true } }),
      'Stopped',
    ],
    [
      sampleChat({ status: 'error', last_error: { message: 'x', kind: 'hook_denied', retryable: true } }),
      'A rule of this deployment stopped the answer',
    ],
    [
      sampleChat({
        status: 'error',
        last_error: { message: 'Odd too.', kind: 'constructor', retryable: true },
      }),
      'Odd too.',
    ],
    [
      sampleChat({ status: 'error', last_error: { message: 'Odd.', kind: 'novel', retryable: false } }),
      'Odd.',
    ],
    [sampleChat({ status: 'running', last_turn_summary: 'Old news' }), 'Large is working'],
    [sampleChat({ last_turn_summary: 'Split the package' }), 'Split the package'],
    [sampleChat({ diff_status: pullRequest('open', { pull_request_draft: true }) }), 'PR 7 draft'],
    [sampleChat({ diff_status: pullRequest('merged') }), 'Merged in PR 7'],
    [sampleChat(), 'Large'],
  ])('%#', (chat, words) => expect(chatSubtitle(chat, models)).toBe(words))
})

it('shows a title that a model wrote without its line breaks and direction marks', () => {
  expect(chatTitle({ title: ' Fix\nthe \u202Etest ' })).toBe('Fix the test')
  expect(chatTitle({ title: ' ' })).toBe('Untitled')
})

it('says of a root that one of its sub-agents asks', () => {
  for (const status of ['waiting', 'running']) {
    const root = withAskingChild({ status })
    expect(chatMark(root)).toEqual({ status: 'waiting', label: 'Waiting for you' })
    expect(chatSubtitle(root, undefined)).toBe('A sub-agent asks before it goes on')
  }
})
