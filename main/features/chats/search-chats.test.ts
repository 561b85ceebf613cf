import { expect, it } from 'vitest'
import { CoderApiError } from '#bridge/client/errors'
import { chatSchema, type Chat } from '#bridge/contract/chats'
import { testUuid } from '../../testing/builders.ts'
import { searchChats } from './load-chats.ts'
import { searchQueries } from './search-queries.ts'

it.each([
  ['', '', ['']],
  ['archived:true', '  ', ['archived:true']],
  [
    'archived:true',
    ' retry  "policy" x:y ',
    [
      'archived:true title:"retry policy x:y"',
      'archived:true search:"retry policy x:y"',
      'archived:true repo:"retry policy x:y"',
      'archived:true pr_title:"retry policy x:y"',
    ],
  ],
  ['', '#4127', ['title:"#4127"', 'search:"#4127"', 'pr:"4127"']],
  ['', '4127', ['title:"4127"', 'search:"4127"', 'pr:"4127"']],
  [
    '',
    'https://github.com/acme/ledger/pull/4127/files?w=1#r3',
    [
      'title:"https://github.com/acme/ledger/pull/4127/files?w=1#r3"',
      'diff_url:"https://github.com/acme/ledger/pull/4127"',
    ],
  ],
  [
    '',
    'https://gitlab.com/a/b/-/tree/fix/',
    ['title:"https://gitlab.com/a/b/-/tree/fix/"', 'diff_url:"https://gitlab.com/a/b/-/tree/fix"'],
  ],
])('narrowed by "%s", looks for "%s" by each key it can be of', (q, text, queries) => {
  expect(searchQueries(q, text).map((query) => query.q)).toEqual(queries)
})

const chat = (number: number, change: Partial<Chat> = {}): Chat =>
  chatSchema.parse({
    ...{ id: testUuid(number), organization_id: testUuid(901), owner_id: testUuid(900) },
    ...{ last_model_config_id: testUuid(902), title: `Chat ${number}`, status: 'waiting' },
    created_at: '2026-11-01T10:00:00Z',
    updated_at: `2026-11-01T1${number}:00:00Z`,
    ...change,
  })

/** A server that refuses a key. */
function serverOf(byKey: Record<string, readonly Chat[]>, refused: readonly string[] = []) {
  const asked: string[] = []
  const call = async (_: unknown, input: { readonly query: { readonly q?: string } }) => {
    const q = input.query.q ?? ''
    asked.push(q)
    const key = q.split(':', 1)[0] ?? ''
    if (refused.includes(key))
      throw new CoderApiError({ status: 400, response: { message: 'no', validations: [] } })
    return byKey[key] ?? []
  }
  return { client: { call: call as never }, asked }
}

const search = (client: Parameters<typeof searchChats>[0], unknown = new Set<string>()) =>
  searchChats(client, { q: '', text: 'ledger', limit: 3 }, unknown)
const titles = ({ chats }: Awaited<ReturnType<typeof search>>) => chats.map(({ title }) => title)

it('shows what any search found once, pinned ones first, then what changed last', async () => {
  const { client } = serverOf({
    title: [chat(3), chat(1)],
    repo: [chat(2, { pin_order: 2 }), chat(4, { pin_order: 1 })],
    pr_title: [chat(3)],
  })
  const found = await search(client)
  expect(titles(found)).toEqual(['Chat 4', 'Chat 2', 'Chat 3'])
  expect(found.hasMore).toBe(true)
})

it('does without what a server refuses, and does not ask it again', async () => {
  const { client, asked } = serverOf({ title: [chat(1)] }, ['search', 'pr_title'])
  const unknown = new Set<string>()
  expect(titles(await search(client, unknown))).toEqual(['Chat 1'])
  expect([...unknown]).toEqual(['search', 'pr_title'])
  asked.length = 0
  expect(titles(await search(client, unknown))).toEqual(['Chat 1'])
  expect(asked).toEqual(['title:"ledger"', 'repo:"ledger"'])
})

it('says that the search failed where not even titles can be searched', async () => {
  const { client } = serverOf({}, ['title'])
  await expect(search(client)).rejects.toMatchObject({ status: 400 })
})

it('learns nothing of keys from a server that does not know what narrows them all', async () => {
  const { client } = serverOf({}, ['source'])
  const unknown = new Set<string>()
  const narrowed = { q: 'source:shared_with_me', text: 'ledger', limit: 3 }
  await expect(searchChats(client, narrowed, unknown)).rejects.toMatchObject({ status: 400 })
  expect([...unknown]).toEqual([])
})
