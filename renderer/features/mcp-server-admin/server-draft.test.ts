import { expect, it } from 'vitest'
import { blankDraft, changeDraft, slugOf } from './server-draft.ts'

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
