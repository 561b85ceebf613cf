import { describe, expect, it } from 'vitest'
import { sampleChat } from '../../testing/chat-samples.ts'
import { forgePage, pullRequestState } from './pull-request.ts'

const withDiff = (change = {}) =>
  sampleChat({
    diff_status: {
      chat_id: sampleChat().id,
      url: 'https://forge.test/a/b/pull/7',
      pull_request_title: '',
      pull_request_draft: false,
      changes_requested: false,
      additions: 4,
      deletions: 1,
      changed_files: 2,
      ...change,
    },
  })

it.each([
  ['no diff', sampleChat(), undefined],
  ['a branch without one', withDiff(), undefined],
  ['a draft', withDiff({ pull_request_state: 'open', pull_request_draft: true }), 'draft'],
  ['an open one', withDiff({ pull_request_state: 'open' }), 'open'],
  ['a merged one', withDiff({ pull_request_state: 'merged' }), 'merged'],
  ['a closed draft', withDiff({ pull_request_state: 'closed', pull_request_draft: true }), 'closed'],
  ['a word of a newer server', withDiff({ pull_request_state: 'constructor' }), undefined],
])('knows where the pull request stands: %s', (_, chat, state) => expect(pullRequestState(chat)).toBe(state))

describe('the page of a chat on its forge', () => {
  it('is told by title, branches and host before anybody goes there', () => {
    const chat = withDiff({
      pull_request_state: 'open',
      pull_request_title: 'Cap the\u202e retries',
      pr_number: 7,
      base_branch: 'main',
      head_branch: 'agent/retry',
    })
    expect(forgePage(chat)).toEqual({
      url: 'https://forge.test/a/b/pull/7',
      state: 'open',
      words: 'PR 7 open',
      about: 'Cap the‹U+202E› retries, main ← agent/retry, on forge.test',
    })
  })

  it('is a branch where there is no pull request', () => {
    expect(forgePage(withDiff({ url: 'https://forge.test/a/b/tree/x' }))).toMatchObject({
      state: undefined,
      words: 'Branch on forge.test',
    })
  })

  it.each(['', 'javascript:alert(1)', 'file:///etc/passwd', 'forge.test/7', undefined])(
    'is not offered at %j',
    (url) => expect(forgePage(withDiff({ url, pull_request_state: 'open' }))).toBeUndefined(),
  )
})
