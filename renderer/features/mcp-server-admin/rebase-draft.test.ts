import { expect, it } from 'vitest'
import { sampleMcpServer } from '../../testing/wire-samples.ts'
import { rebaseDraft, theirChanges } from './rebase-draft.ts'
import { draftOf } from './server-draft.ts'

const base = sampleMcpServer()
const theirs = sampleMcpServer({
  description: 'Theirs',
  enabled: false,
  custom_headers_user_keys: ['X-Api-Key', 'X-Region'],
})
const draft = { ...draftOf(base), description: 'Mine', display_name: 'Weather 2' }

it('what was typed stays, and what was not touched becomes theirs', () => {
  expect(rebaseDraft(base, theirs, draft)).toMatchObject({
    display_name: 'Weather 2',
    description: 'Mine',
    enabled: false,
    user_keys: [{ name: 'X-Api-Key' }, { name: 'X-Region' }],
  })
})

it('what they changed is told, and whether the draft says something else', () => {
  expect(theirChanges(base, theirs, draft)).toEqual([
    { label: 'Description', value: 'Theirs', isContested: true },
    { label: 'Headers of users', value: 'X-Api-Key, X-Region', isContested: false },
    { label: 'Switched on', value: 'no', isContested: false },
  ])
  expect(theirChanges(base, base, draft)).toEqual([])
})
