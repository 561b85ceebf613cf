import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilesEvent, RemoteEntry } from '../../contract/remote-files.ts'
import { displayName } from '../../contract/remote-names.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { refusalOf, startFilesWorkspace, type FilesWorkspace } from '../../testing/files-workspace.ts'

let workspace: FilesWorkspace

beforeAll(async () => {
  workspace = await startFilesWorkspace()
})
afterAll(async () => {
  await workspace.close()
})

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
async function list(path: string): Promise<Map<string, RemoteEntry>> {
  const entries: RemoteEntry[] = []
  await workspace.ask(
    { op: 'list', path },
    { onEvent: (event) => entries.push(...(event.kind === 'entries' ? event.entries : [])) },
  )
  return new Map(entries.map((entry) => [entry.name, entry]))
}
const read = (path: string, maxBytes = 1024 * 1024) => workspace.ask({ op: 'read', path, maxBytes })

describe('a folder', () => {
  it('is listed with hidden files, links with what they lead to, modes and times', async () => {
    const folder = workspace.makeFolder()
    writeFileSync(join(folder, '.hidden'), 'x'.repeat(17))
    chmodSync(join(folder, '.hidden'), 0o640)
    utimesSync(join(folder, '.hidden'), 1_700_000_000, 1_700_000_000)
    mkdirSync(join(folder, 'inner'))
    symlinkSync('inner', join(folder, 'to-folder'))
    symlinkSync('/nowhere', join(folder, 'dangling'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const entries = await list(folder)
    expect([...entries.keys()].toSorted()).toEqual(['.hidden', 'dangling', 'inner', 'pipe', 'to-folder'])
    expect(entries.get('.hidden')).toMatchObject({
      kind: 'file',
      target: null,
      size: 17,
      mtime: 1_700_000_000,
    })
    expect((entries.get('.hidden')?.mode ?? 0) & 0o7777).toBe(0o640)
    expect(entries.get('inner')?.kind).toBe('folder')
    expect(entries.get('to-folder')).toMatchObject({
      kind: 'link',
      target: { kind: 'folder', text: 'inner' },
    })
    expect(entries.get('dangling')).toMatchObject({ kind: 'link', target: { kind: null, text: '/nowhere' } })
    expect(entries.get('pipe')?.kind).toBe('other')
    expect((await workspace.ask({ op: 'home' })).path).toBe(workspace.home)
  })

  it('of 5,000 entries comes in pages', async () => {
    const folder = workspace.makeFolder()
    for (let at = 0; at < 5_000; at += 1) writeFileSync(join(folder, `f${String(at)}`), '')
    const sizes: number[] = []
    const answer = await workspace.ask(
      { op: 'list', path: folder },
      { onEvent: (event) => event.kind === 'entries' && sizes.push(event.entries.length) },
    )
    expect(answer).toEqual({ count: 5_000, isTruncated: false })
    expect(sizes).toEqual(Array.from({ length: 10 }, () => 500))
  })

  it('shows names that are no text or would deceive, and uses them as they are', async () => {
    const folder = workspace.makeFolder()
    const raw = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe, 0xe2, 0x82])])
    writeFileSync(raw, 'odd')
    writeFileSync(join(folder, 'a\u202Etxt.exe'), '')
    writeFileSync(join(folder, 'line\nbreak'), '')
    const names = [...(await list(folder)).keys()]
    expect(names.map(displayName).toSorted()).toEqual([
      String.raw`a\u{202e}txt.exe`,
      String.raw`f\xff\xfe\xe2\x82`,
      String.raw`line\x0abreak`,
    ])
    const odd = names.find((name) => name.startsWith('f')) ?? ''
    expect(Buffer.from((await read(`${folder}/${odd}`)).bytes).toString()).toBe('odd')
    await workspace.ask({ op: 'rename', from: `${folder}/${odd}`, to: `${folder}/even`, replace: false })
    expect(existsSync(raw)).toBe(false)
    for (const path of ['relative', '/nul\0', '']) {
      expect(await refusalOf(workspace.ask({ op: 'stat', path }))).toMatchObject({ code: 'name_not_usable' })
    }
  })

  it('takes new files and folders, renames and permissions, and never overwrites unasked', async () => {
    const folder = workspace.makeFolder()
    await workspace.ask({ op: 'make-folder', path: `${folder}/box` })
    await workspace.ask({ op: 'make-file', path: `${folder}/box/a` })
    for (const op of ['make-folder', 'make-file'] as const) {
      expect(await refusalOf(workspace.ask({ op, path: `${folder}/box/a` }))).toMatchObject({
        code: 'exists',
      })
    }
    writeFileSync(join(folder, 'b'), 'kept')
    const rename = { op: 'rename', from: `${folder}/box/a`, to: `${folder}/b` } as const
    expect(await refusalOf(workspace.ask({ ...rename, replace: false }))).toMatchObject({ code: 'exists' })
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('kept')
    await workspace.ask({ ...rename, replace: true })
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('')
    await workspace.ask({ op: 'chmod', path: `${folder}/b`, mode: 0o4711 })
    expect(statSync(join(folder, 'b')).mode & 0o7777).toBe(0o4711)
    expect(await refusalOf(workspace.ask({ op: 'stat', path: `${folder}/none` }))).toMatchObject({
      code: 'not_found',
    })
    expect(
      await refusalOf(workspace.ask({ op: 'rename', from: folder, to: `${folder}/box/x`, replace: false })),
    ).toMatchObject({ code: 'failed', message: expect.stringContaining('into itself') as string })
  })
})

describe('the trash', () => {
  it('takes files of one name, says where they were, and gives them back', async () => {
    const folder = workspace.makeFolder()
    mkdirSync(join(folder, 'a b%é'))
    for (const text of ['first', 'second']) {
      writeFileSync(join(folder, 'a b%é/note'), text)
      await workspace.ask({ op: 'trash', path: `${folder}/a b%é/note` })
    }
    const info = readdirSync(join(workspace.home, '.local/share/Trash/info'))
    expect(info.toSorted()).toEqual(['note.2.trashinfo', 'note.trashinfo'])
    expect(readFileSync(join(workspace.home, '.local/share/Trash/info/note.trashinfo'), 'utf8')).toMatch(
      /^\[Trash Info\]\nPath=\/.*\/a%20b%25%C3%A9\/note\nDeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/,
    )
    const items: string[] = []
    await workspace.ask(
      { op: 'list-trash' },
      { onEvent: (event) => event.kind === 'trash' && items.push(...event.items.map(({ path }) => path)) },
    )
    expect(items).toEqual([`${folder}/a b%é/note`, `${folder}/a b%é/note`])
    expect(await workspace.ask({ op: 'restore', name: 'note.2' })).toEqual({ path: `${folder}/a b%é/note` })
    expect(readFileSync(join(folder, 'a b%é/note'), 'utf8')).toBe('second')
    expect(await refusalOf(workspace.ask({ op: 'restore', name: 'note' }))).toMatchObject({ code: 'exists' })
    await workspace.ask({ op: 'purge', name: 'note' })
    expect(readdirSync(join(workspace.home, '.local/share/Trash/files'))).toEqual([])
    expect(readdirSync(join(workspace.home, '.local/share/Trash/info'))).toEqual([])
  })

  it('and deleting for good leave the home folder alone, and do not follow links', async () => {
    for (const path of ['/', workspace.home, join(workspace.home, '..')]) {
      for (const op of ['trash', 'delete'] as const) {
        expect(await refusalOf(workspace.ask({ op, path }))).toMatchObject({ code: 'failed' })
      }
    }
    const folder = workspace.makeFolder()
    const outside = workspace.makeFolder()
    writeFileSync(join(outside, 'kept'), 'x')
    mkdirSync(join(folder, 'deep/er'), { recursive: true })
    writeFileSync(join(folder, 'deep/er/file'), '')
    symlinkSync(outside, join(folder, 'deep/link'))
    const events: FilesEvent[] = []
    await workspace.ask({ op: 'delete', path: folder }, { onEvent: (event) => events.push(event) })
    expect(events.at(-1)).toEqual({ kind: 'removed', count: 5 })
    expect(existsSync(folder)).toBe(false)
    expect(readdirSync(outside)).toEqual(['kept'])
  })
})

describe('reading text', () => {
  it.each([
    ['lf', 'a\nb\n', { encoding: 'utf-8', eol: 'lf', hasBom: false, isBinary: false }],
    ['crlf', '\uFEFFa\r\nb\r\nc\n', { encoding: 'utf-8', eol: 'crlf', hasBom: true, hasMixedEol: true }],
    ['empty', '', { encoding: 'utf-8', eol: null, size: 0 }],
    ['utf16', Buffer.from('\uFEFFé\r\n', 'utf16le'), { encoding: 'utf-16le', eol: 'crlf', hasBom: true }],
    ['bare', Buffer.from('plain text\n', 'utf16le'), { encoding: 'utf-16le', eol: 'lf', hasBom: false }],
    ['latin', Buffer.from('caf\xe9\n', 'latin1'), { encoding: 'windows-1252', isBinary: false }],
    ['binary', Buffer.from([1, 0, 2, 0, 0, 9]), { isBinary: true }],
  ])('tells what it is: %s', async (name, content, expected) => {
    const folder = workspace.makeFolder()
    writeFileSync(join(folder, name), content)
    const text = await read(`${folder}/${name}`)
    expect(text).toMatchObject({ ...expected, isTruncated: false })
    expect(text.version?.sha256).toBe(sha256(content))
    // Nothing of the bridge's other memory comes along.
    expect(text.bytes.buffer.byteLength).toBe(text.size)
    expect(Buffer.from(text.bytes).equals(Buffer.from(content))).toBe(true)
  })

  it('cuts a large file without losing its encoding, and refuses what is no file', async () => {
    const folder = workspace.makeFolder()
    writeFileSync(join(folder, 'large'), 'é'.repeat(50_000))
    expect(await read(`${folder}/large`, 1001)).toMatchObject({
      isTruncated: true,
      version: null,
      size: 100_000,
      encoding: 'utf-8',
    })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(await refusalOf(read(`${folder}/pipe`))).toMatchObject({ code: 'not_a_file' })
    expect(await refusalOf(read(folder))).toMatchObject({ code: 'is_folder' })
    symlinkSync('loop', join(folder, 'loop'))
    expect(await refusalOf(read(`${folder}/loop`))).toMatchObject({ code: 'failed' })
  })
})

it('fails what was on its way when the connection is cut, and heals for the next request', async () => {
  workspace.cut()
  await expect.poll(() => workspace.states.at(-1)?.kind).not.toBe('open')
  expect((await workspace.ask({ op: 'home' })).path).toBe(workspace.home)
  expect(workspace.states.at(-1)).toEqual({ kind: 'open' })
  workspace.say({ type: 'remove-deployment', deploymentId: 'local' })
  expect(await refusalOf(workspace.ask({ op: 'home' }))).toMatchObject({ code: 'no_way_in' })
})

it('closes the connection when nobody has used it for a while, and opens it again', async () => {
  const clock = createFakeClock()
  const quiet = await startFilesWorkspace({ clock })
  try {
    await quiet.ask({ op: 'home' })
    clock.advance(4 * 60_000)
    await quiet.ask({ op: 'home' })
    clock.advance(4 * 60_000)
    expect(quiet.states.at(-1)).toEqual({ kind: 'open' })
    clock.advance(60_000)
    await expect.poll(() => quiet.states.at(-1)).toEqual({ kind: 'idle' })
    expect((await quiet.ask({ op: 'home' })).path).toBe(quiet.home)
  } finally {
    await quiet.close()
  }
})
