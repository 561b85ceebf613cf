import { describe, expect, it } from 'vitest'
import { createDraftStore } from './draft-store.ts'
import { draftOf, partsOf, type Draft } from './draft.ts'

function memory(limit = Infinity) {
  const map = new Map<string, string>()
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError')
      map.set(key, value)
    },
  }
}
const write = (text: string) => (draft: Draft) => ({ ...draft, text })

describe('drafts', () => {
  it('survive a restart, each in its place, with what was chosen', () => {
    const storage = memory()
    const before = createDraftStore(storage)
    before.change('a', write('one'))
    before.change('b', (draft) => ({ ...draft, text: 'two', planMode: true, mcpServerIds: ['m'] }))
    const after = createDraftStore(storage)
    expect(after.read('a').draft.text).toBe('one')
    expect(after.read('b').draft).toMatchObject({ text: 'two', planMode: true, mcpServerIds: ['m'] })
    expect(after.read('c').draft.text).toBe('')
  })

  it('leave the box while they are sent and keep their choices', () => {
    const store = createDraftStore(memory())
    store.change('a', (draft) => ({ ...draft, text: 'go', planMode: true }))
    expect(store.beginSending('a').text).toBe('go')
    expect(store.read('a').draft).toMatchObject({ text: '', planMode: true })
    store.sent('a')
    expect(store.read('a').sending).toBeUndefined()
  })

  it('come back before what was typed since when they are not sent', () => {
    const store = createDraftStore(memory())
    store.change('a', write('first'))
    store.beginSending('a')
    store.change('a', write('second'))
    store.sendingFailed('a')
    expect(store.read('a')).toMatchObject({ draft: { text: 'first\n\nsecond' }, sending: undefined })
  })

  it('come back when the app ended while they were sent', () => {
    const storage = memory()
    const before = createDraftStore(storage)
    before.change('a', write('first'))
    before.beginSending('a')
    expect(createDraftStore(storage).read('a').draft.text).toBe('first')
  })

  it('say when they are too large to be kept, and lose nothing meanwhile', () => {
    const store = createDraftStore(memory(1000))
    store.change('a', write('x'.repeat(2000)))
    expect(store.read('a')).toMatchObject({ isKept: false, draft: { text: 'x'.repeat(2000) } })
    store.change('a', write('short'))
    expect(store.read('a').isKept).toBe(true)
  })

  it('start empty over something that is no draft', () => {
    const storage = memory()
    storage.setItem('outpost.chats.draft.a', '{"draft":{"text":7}}')
    storage.setItem('outpost.chats.draft.b', '[]')
    expect(createDraftStore(storage).read('a').draft.text).toBe('')
    expect(createDraftStore(storage).read('b').draft.text).toBe('')
  })
})

it('turns a draft into the parts of a message, and those into a draft', () => {
  const id = '00000030-0000-4000-8000-000000000001'
  const draft: Draft = {
    text: 'look',
    attachments: [{ id, fileId: id, name: 'a.png', mediaType: 'image/png', bytes: 0 }],
    references: [{ fileName: 'a.go', startLine: 1, endLine: 2, content: 'x' }],
  }
  const parts = partsOf(draft)
  expect(parts.map(({ type }) => type)).toEqual(['file-reference', 'text', 'file'])
  const said = parts.map((part) => ({
    ...part,
    parsed_commands: [],
    ...(part.type === 'file' ? { name: 'a.png', media_type: 'image/png' } : {}),
  }))
  expect(draftOf(said)).toEqual(draft)
})
