import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open-database.ts'
import { createAccounts } from '../accounts.ts'
import { createOrganizations } from '../organizations.ts'
import { type ChatFiles, createChatFiles, type FilePart, toFilePart } from './chat-files.ts'
import { createModelFiles, type ModelFile } from './model-files.ts'

const MIB = 1024 * 1024
let folder: string
let db: Database
let files: ChatFiles
let owner: { readonly ownerId: string; readonly organizationId: string }
const read: string[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-model-files-'))
  db = openDatabase(folder)
  const clock = createFakeClock()
  const organizations = createOrganizations(db, clock)
  const person = { username: 'ada', email: 'ada@example.com', name: '', role: 'owner' } as const
  const { id: ownerId } = await createAccounts(db, clock, organizations).create(person)
  const organization = db.first(db.sql.selectFrom('organizations').select('id'))
  owner = { ownerId, organizationId: organization?.id ?? '' }
  files = createChatFiles(db, clock)
  read.length = 0
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const upload = (name: string, mediaType: string, bytes: Uint8Array): FilePart =>
  toFilePart(files.upload({ ...owner, name, mediaType, bytes }))
const image = (name: string, size: number) => upload(name, 'image/png', Buffer.alloc(size, 1))
const text = (name: string, content: string) => upload(name, 'text/plain', Buffer.from(content))
/** What a model is given of these; `read` has the names of those whose content was looked at. */
function give(...parts: FilePart[]): (ModelFile | undefined)[] {
  const watched: ChatFiles = {
    ...files,
    bytes(id, limit) {
      read.push(files.find(id)?.name ?? id)
      return files.bytes(id, limit)
    },
  }
  const given = createModelFiles(watched)(parts)
  return parts.map((part) => given.get(part))
}
const words = (file: ModelFile | undefined): string => (file?.kind === 'text' ? file.text : '')

describe('files for a model', () => {
  it('are given by their types, and what it cannot look at is not read', () => {
    const gone = { type: 'file', file_id: 'gone', media_type: 'image/png', name: 'gone.png' } as const
    const given = give(
      image('a.png', 3),
      text('b.txt', 'hello'),
      upload('c.bin', 'application/octet-stream', Buffer.alloc(9)),
      gone,
    )
    expect(given).toEqual([
      { kind: 'bytes', mediaType: 'image/png', name: 'a.png', bytes: new Uint8Array([1, 1, 1]) },
      { kind: 'text', text: '<attached-file name="b.txt">\nhello\n</attached-file>' },
      { kind: 'text', text: expect.stringContaining('"c.bin" of type application/octet-stream') as string },
      { kind: 'text', text: '[The file "gone.png" is no longer kept.]' },
    ])
    expect(read.toSorted()).toEqual(['a.png', 'b.txt'])
  })

  it('are the newest as far as there is room, and the others are named without being read', () => {
    const old = image('old.png', 9 * MIB)
    const small = image('small.png', 2 * MIB)
    const newer = image('newer.png', 9 * MIB)
    const newest = image('newest.png', 9 * MIB)
    const given = give(old, small, newer, newest)
    expect(given.map((file) => file?.kind)).toEqual(['text', 'bytes', 'bytes', 'bytes'])
    expect(words(given[0])).toBe(
      '[The file "old.png" of type image/png is left out: newer files take the 20 MiB that there is room for.]',
    )
    expect(read.toSorted()).toEqual(['newer.png', 'newest.png', 'small.png'])
    // The same file twice is sent twice.
    expect(give(newest, newer, { ...newest }).map((file) => file?.kind)).toEqual(['text', 'bytes', 'bytes'])
  })

  it('have the beginning of their text, of which no more is read, cut between characters', () => {
    const limit = 128 * 1024
    const asked: unknown[] = []
    const bytes = files.bytes.bind(files)
    files = { ...files, bytes: (id, most) => (asked.push(most), bytes(id, most)) }
    const [long] = give(text('long.txt', `x${'é'.repeat(100 * 1024)}`))
    const shown = words(long)
    expect(asked).toEqual([limit])
    expect(shown).toContain(`x${'é'.repeat(65_535)}\n[73729 more bytes of the file are left out]`)
    expect(shown).not.toContain('\uFFFD')
    const [exact] = give(text('exact.txt', 'x'.repeat(limit)))
    expect(words(exact)).not.toContain('left out')
  })
})
