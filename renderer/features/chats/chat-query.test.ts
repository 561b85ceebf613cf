import { expect, it } from 'vitest'
import { chatQuery, noFilter, parseFilter, searchText } from './chat-query.ts'

it.each([
  [noFilter, ''],
  [{ ...noFilter, text: 'a', archived: true, unread: true }, 'archived:true has_unread:true'],
  [{ ...noFilter, shared: true }, 'source:shared_with_me'],
  [{ ...noFilter, pullRequests: ['draft', 'merged'] as const }, 'pr_status:draft,merged'],
])('puts a filter into the syntax of the server', (filter, q) => expect(chatQuery(filter)).toBe(q))

it.each([
  [undefined, undefined],
  [null, undefined],
  ['words', undefined],
  [{}, noFilter],
  [{ text: 5, archived: 'yes' }, noFilter],
  [
    // Words that were looked for are not kept, also where an older version did.
    { text: 'a', archived: true, unread: true },
    { ...noFilter, archived: true, unread: true },
  ],
  [
    { shared: true, pullRequests: ['merged', 'archived:true', 5, 'open'] },
    { ...noFilter, shared: true, pullRequests: ['open', 'merged'] },
  ],
  [{ pullRequests: 'open' }, noFilter],
])('takes back what was kept, and nothing else', (stored, filter) =>
  expect(parseFilter(stored)).toEqual(filter),
)

it('asks for words without the spaces around them', () =>
  expect(searchText({ text: '  retry   policy ' })).toBe('retry policy'))
