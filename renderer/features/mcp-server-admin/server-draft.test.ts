import { expect, it } from 'vitest'
import { sampleMcpServer } from '../../testing/wire-samples.ts'
import { blankDraft, changeDraft, draftOf, slugOf } from './server-draft.ts'

it.each([
  ['Weather', 'weather'],
  ['  Größe & Wörter!  ', 'gro-e-worter'],
  ['---', ''],
])('the slug of %j is %j', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})

it('a slug follows the name until somebody types one', () => {
  const named = changeDraft(blankDraft, { display_name: 'Issue tracker' })
  expect(named.slug).toBe('issue-tracker')
  const typed = changeDraft(named, { slug: 'issues' })
  expect(changeDraft(typed, { display_name: 'Something else' }).slug).toBe('issues')
})

it('a header may be called like a part of every object', () => {
  const keys = ['constructor', 'toString', 'X-Region']
  const config = sampleMcpServer({
    custom_headers_user_keys: keys,
    custom_headers_user_key_descriptions: { 'X-Region': 'eu or us' },
  })
  expect(draftOf(config).user_keys.map(({ description }) => description)).toEqual(['', '', 'eu or us'])
})
