import { execFileSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilesEvent, RemoteEntry, SearchMatch } from '../../contract/remote-files.ts'
import { displayName } from '../../contract/remote-names.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { startFilesWorkspace, type FilesWorkspace, type RefusedError } from '../../testing/files-workspace.ts'

let workspace: FilesWorkspace

beforeAll(async () => {
  workspace = await startFilesWorkspace()
})
afterAll(async () => {
  await workspace.close()
})

let folders = 0
/** A folder of its own for a test. */
function makeFolder(): string {
  folders += 1
  const folder = join(workspace.home, `case-${String(folders)}`)
  mkdirSync(folder)
  return folder
}
const refused = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'none' }),
    (thrown: unknown) => (thrown as RefusedError).error,
  )
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
    const folder = makeFolder()
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
    const folder = makeFolder()
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
    const folder = makeFolder()
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
      expect(await refused(workspace.ask({ op: 'stat', path }))).toMatchObject({ code: 'name_not_usable' })
    }
  })

  it('takes new files and folders, renames and permissions, and never overwrites unasked', async () => {
    const folder = makeFolder()
    await workspace.ask({ op: 'make-folder', path: `${folder}/box` })
    await workspace.ask({ op: 'make-file', path: `${folder}/box/a` })
    for (const op of ['make-folder', 'make-file'] as const) {
      expect(await refused(workspace.ask({ op, path: `${folder}/box/a` }))).toMatchObject({ code: 'exists' })
    }
    writeFileSync(join(folder, 'b'), 'kept')
    const rename = { op: 'rename', from: `${folder}/box/a`, to: `${folder}/b` } as const
    expect(await refused(workspace.ask({ ...rename, replace: false }))).toMatchObject({ code: 'exists' })
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('kept')
    await workspace.ask({ ...rename, replace: true })
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('')
    await workspace.ask({ op: 'chmod', path: `${folder}/b`, mode: 0o4711 })
    expect(statSync(join(folder, 'b')).mode & 0o7777).toBe(0o4711)
    expect(await refused(workspace.ask({ op: 'stat', path: `${folder}/none` }))).toMatchObject({
      code: 'not_found',
    })
    expect(
      await refused(workspace.ask({ op: 'rename', from: folder, to: `${folder}/box/x`, replace: false })),
    ).toMatchObject({ code: 'failed', message: expect.stringContaining('into itself') as string })
  })
})

describe('the trash', () => {
  it('takes files of one name, says where they were, and gives them back', async () => {
    const folder = makeFolder()
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
    expect(await refused(workspace.ask({ op: 'restore', name: 'note' }))).toMatchObject({ code: 'exists' })
    await workspace.ask({ op: 'purge', name: 'note' })
    expect(readdirSync(join(workspace.home, '.local/share/Trash/files'))).toEqual([])
    expect(readdirSync(join(workspace.home, '.local/share/Trash/info'))).toEqual([])
  })

  it('and deleting for good leave the home folder alone, and do not follow links', async () => {
    for (const path of ['/', workspace.home, join(workspace.home, '..')]) {
      for (const op of ['trash', 'delete'] as const) {
        expect(await refused(workspace.ask({ op, path }))).toMatchObject({ code: 'failed' })
      }
    }
    const folder = makeFolder()
    const outside = makeFolder()
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
    const folder = makeFolder()
    writeFileSync(join(folder, name), content)
    const text = await read(`${folder}/${name}`)
    expect(text).toMatchObject({ ...expected, isTruncated: false })
    expect(text.version?.sha256).toBe(sha256(content))
    // Nothing of the bridge's other memory comes along.
    expect(text.bytes.buffer.byteLength).toBe(text.size)
    expect(Buffer.from(text.bytes).equals(Buffer.from(content))).toBe(true)
  })

  it('cuts a large file without losing its encoding, and refuses what is no file', async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'large'), 'é'.repeat(50_000))
    expect(await read(`${folder}/large`, 1001)).toMatchObject({
      isTruncated: true,
      version: null,
      size: 100_000,
      encoding: 'utf-8',
    })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(await refused(read(`${folder}/pipe`))).toMatchObject({ code: 'not_a_file' })
    expect(await refused(read(folder))).toMatchObject({ code: 'is_folder' })
    symlinkSync('loop', join(folder, 'loop'))
    expect(await refused(read(`${folder}/loop`))).toMatchObject({ code: 'failed' })
  })
})

describe('saving', () => {
  const save = (path: string, text: string, base: unknown, force = false) =>
    workspace.ask({ op: 'save', path, bytes: Buffer.from(text), base: base as null, force })

  it('replaces the real file behind links, with its mode, and leaves nothing beside it', async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'real'), 'old')
    chmodSync(join(folder, 'real'), 0o754)
    mkdirSync(join(folder, 'links'))
    symlinkSync('../real', join(folder, 'links/one'))
    symlinkSync('one', join(folder, 'links/two'))
    const { version } = await read(`${folder}/links/two`)
    const inode = statSync(join(folder, 'real')).ino
    const saved = await save(`${folder}/links/two`, 'new', version)
    expect(saved.version).toMatchObject({ size: 3, sha256: sha256('new') })
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new')
    expect(statSync(join(folder, 'real')).mode & 0o7777).toBe(0o754)
    // Another file took its place at once: nobody ever saw half of it.
    expect(statSync(join(folder, 'real')).ino).not.toBe(inode)
    expect(readlinkSync(join(folder, 'links/two'))).toBe('one')
    expect(readdirSync(folder).toSorted()).toEqual(['links', 'real'])
    await save(`${folder}/links/two`, 'newer', saved.version)
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('newer')
  })

  it('refuses when somebody else changed, removed or made the file, even in the same second and size', async () => {
    const folder = makeFolder()
    const path = join(folder, 'file')
    writeFileSync(path, 'aaaa')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    const { version } = await read(path)
    writeFileSync(path, 'bbbb')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    expect(await refused(save(path, 'mine', version))).toMatchObject({
      code: 'conflict',
      current: { mtime: 1_700_000_000, size: 4, sha256: sha256('bbbb') },
    })
    expect(readFileSync(path, 'utf8')).toBe('bbbb')
    expect(readdirSync(folder)).toEqual(['file'])
    await workspace.ask({ op: 'delete', path })
    expect(await refused(save(path, 'mine', version))).toMatchObject({ code: 'conflict', current: null })
    await save(path, 'mine', null)
    expect(await refused(save(path, 'again', null))).toMatchObject({
      code: 'conflict',
      current: { sha256: sha256('mine') },
    })
    await save(path, 'forced', null, true)
    expect(readFileSync(path, 'utf8')).toBe('forced')
  })

  it('takes a file that was only touched', async () => {
    const path = join(makeFolder(), 'file')
    writeFileSync(path, 'same')
    const { version } = await read(path)
    utimesSync(path, 1_600_000_000, 1_600_000_000)
    await save(path, 'next', version)
    expect(readFileSync(path, 'utf8')).toBe('next')
  })

  it('of two windows at once lets one win and tells the other', async () => {
    const path = join(makeFolder(), 'file')
    writeFileSync(path, 'base')
    const { version } = await read(path)
    const large = 'x'.repeat(3_000_000)
    await save(path, large, version)
    const first = await read(path, 4_000_000)
    const results = await Promise.all([
      refused(save(path, 'one', first.version)),
      save(path, 'two', null, true).then(() => ({ code: 'none' })),
    ])
    // The order is open, but what was reported saved last is what is there.
    const content = readFileSync(path, 'utf8')
    expect(content === 'two' || (content === 'one' && results[0].code === 'none')).toBe(true)
    expect(lstatSync(path).isFile()).toBe(true)
  })
})

describe('saving as root', () => {
  const password = 'correct horse $HOME `x` \\ "q"'
  const asRoot = (path: string, text: string, base: unknown, given: string | null, force = false) =>
    workspace.ask({
      op: 'save-as-root',
      path,
      bytes: Buffer.from(text),
      base: base as null,
      force,
      password: given,
    })
  const log = () => readFileSync(join(workspace.bin, 'log'), 'utf8')

  /** Behaves as sudo does with -S, -n, -k and -p: reads a byte at a time, asks three times. */
  function installSudo(behaviour: 'password' | 'free' | 'no-sudoer'): void {
    writeFileSync(join(workspace.bin, 'log'), '')
    const script = `#!/bin/bash
echo "$@" >> ${workspace.bin}/log; env >> ${workspace.bin}/log
ask=; never=
while [ $# -gt 0 ]; do case "$1" in -S) ask=1;; -n) never=1;; -k) ;; -p) shift;; --) shift; break;; esac; shift; done
case ${behaviour} in
free) exec "$@";;
no-sudoer) echo "ada is not in the sudoers file." >&2; exit 1;;
esac
[ -n "$never" ] && { echo "sudo: a password is required" >&2; exit 1; }
for try in 1 2 3; do
  IFS= read -r given || { echo "sudo: no password was provided" >&2; exit 1; }
  [ "$given" = '${password.replaceAll("'", "'\\''")}' ] && exec "$@"
  echo "attempt $given" >> ${workspace.bin}/log
  echo "Sorry, try again." >&2
done
echo "sudo: 3 incorrect password attempts" >&2; exit 1
`
    writeFileSync(join(workspace.bin, 'sudo'), script, { mode: 0o755 })
  }

  it('asks for a password where there has to be one, and gives it to sudo only', async () => {
    installSudo('password')
    const folder = makeFolder()
    const path = `${folder}/it's é`
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)
    symlinkSync("it's é", join(folder, 'link'))
    const { version } = await read(path)
    expect(await refused(asRoot(path, 'new', version, null))).toMatchObject({ code: 'password_needed' })
    const wrong = await refused(asRoot(path, 'the text of the file', version, 'wrong'))
    expect(wrong).toMatchObject({ code: 'wrong_password' })
    expect(log()).toContain('attempt wrong\n')
    // The file must not be tried as the next password.
    expect(log()).not.toContain('attempt the text')
    expect(readFileSync(path, 'utf8')).toBe('old')
    const saved = await asRoot(`${folder}/link`, 'new\n', version, password)
    expect(saved).toMatchObject({ path, version: { size: 4, sha256: sha256('new\n') } })
    expect(readFileSync(path, 'utf8')).toBe('new\n')
    expect(statSync(path).mode & 0o7777).toBe(0o640)
    expect(readdirSync(folder).toSorted()).toEqual(["it's é", 'link'])
    expect(log()).not.toContain('correct horse')
    expect(saved.version.mtime).toBe(Math.floor(statSync(path).mtimeMs / 1000))
  })

  it('saves where sudo wants no password, given or not, and tells conflicts', async () => {
    installSudo('free')
    const path = join(makeFolder(), 'file')
    const first = await asRoot(path, 'one', null, null)
    expect(statSync(path).mode & 0o7777).toBe(0o644)
    const second = await asRoot(path, 'two', first.version, 'not wanted')
    expect(readFileSync(path, 'utf8')).toBe('two')
    writeFileSync(path, 'theirs')
    expect(await refused(asRoot(path, 'three', second.version, null))).toMatchObject({
      code: 'conflict',
      current: { size: 6, sha256: sha256('theirs') },
    })
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    await asRoot(path, randomBytes(300_000).toString('hex'), null, null, true)
    expect(statSync(path).size).toBe(600_000)
  })

  it('says when the user may not, and when there is no sudo', async () => {
    const path = join(makeFolder(), 'file')
    installSudo('no-sudoer')
    expect(await refused(asRoot(path, 'x', null, password))).toMatchObject({ code: 'not_allowed' })
    writeFileSync(join(workspace.bin, 'sudo'), '#!/bin/sh\necho no-sudo >&2; exit 127\n', { mode: 0o755 })
    expect(await refused(asRoot(path, 'x', null, null))).toMatchObject({ code: 'no_sudo' })
    expect(existsSync(path)).toBe(false)
  })
})

describe('finding', () => {
  it('lists files by git with ignored ones left out, else by find, whatever they are named', async () => {
    const folder = makeFolder()
    mkdirSync(join(folder, 'src/in ner'), { recursive: true })
    writeFileSync(join(folder, 'src/in ner/a\nb"é.ts'), '')
    writeFileSync(join(folder, 'out.log'), '')
    const paths: string[] = []
    const find = async () => {
      paths.length = 0
      const onEvent = (event: FilesEvent) => event.kind === 'paths' && paths.push(...event.paths)
      return workspace.ask({ op: 'find-files', folder }, { onEvent })
    }
    expect(await find()).toEqual({ count: 2, isTruncated: false, source: 'find' })
    expect(paths.toSorted()).toEqual(['out.log', 'src/in ner/a\nb"é.ts'])
    execFileSync('git', ['init', '-q', folder])
    writeFileSync(join(folder, '.gitignore'), '*.log\n')
    expect(await find()).toEqual({ count: 2, isTruncated: false, source: 'git' })
    expect(paths.toSorted()).toEqual(['.gitignore', 'src/in ner/a\nb"é.ts'])
  })

  it('searches contents literally or by expression, and survives binaries and hostile names', async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'one\n:9:fake'), `first\n${'x'.repeat(900)} The $(touch pwned) needle\n`)
    writeFileSync(join(folder, 'bin'), Buffer.from([0, ...Buffer.from('needle'), 0]))
    const matches: SearchMatch[] = []
    const search = (query: string, options: object = {}) => {
      matches.length = 0
      const flags = { isRegex: false, isCaseSensitive: false, isWholeWord: false, maxMatches: 10, ...options }
      const onEvent = (event: FilesEvent) => event.kind === 'matches' && matches.push(...event.matches)
      return workspace.ask({ op: 'search', folder, query, ...flags }, { onEvent })
    }
    expect(await search('$(touch pwned) NEEDLE')).toMatchObject({ count: 1, isTruncated: false })
    const [match] = matches
    expect(match).toMatchObject({ path: 'one\n:9:fake', line: 2, length: 21 })
    expect(match?.text.slice(match.column ?? 0)).toMatch(/^\$\(touch pwned\) needle/)
    expect(await search('NEEDLE', { isCaseSensitive: true })).toMatchObject({ count: 0 })
    expect(await search('n[e]+dle', { isRegex: true })).toMatchObject({ count: 1 })
    expect(await search('eedle', { isWholeWord: true })).toMatchObject({ count: 0 })
    expect(await search('-e')).toMatchObject({ count: 0 })
    expect(await refused(search('(', { isRegex: true }))).toMatchObject({ code: 'bad_query' })
    writeFileSync(join(folder, 'many'), 'needle\n'.repeat(5000))
    expect(await search('needle')).toMatchObject({ count: 10, isTruncated: true })
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
  })

  it('sends no more than the window takes', async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'many'), 'needle\n'.repeat(5000))
    const requestId = randomUUID()
    const counts: number[] = []
    const answer = new Promise((resolve) => {
      const stop = workspace.onMessage((message) => {
        if (!('requestId' in message) || message.requestId !== requestId) return
        if (message.type === 'files-event') counts.push(counts.length)
        if (message.type !== 'files-answer') return
        stop()
        resolve(message.result)
      })
    })
    const flags = { isRegex: false, isCaseSensitive: true, isWholeWord: false, maxMatches: 10_000 }
    const request = { op: 'search', folder, query: 'needle', ...flags }
    workspace.post({ type: 'files-request', requestId, place: workspace.place, request })
    await expect.poll(() => counts.length, { timeout: 10_000 }).toBe(16)
    // Another request goes all the way and back meanwhile: whatever was sent beyond the credit would be here.
    await workspace.ask({ op: 'home' })
    expect(counts).toHaveLength(16)
    for (let sent = 16; sent < 50; sent += 1) workspace.post({ type: 'files-ack', requestId, events: 1 })
    expect(await answer).toMatchObject({ ok: true, value: { count: 5000 } })
    expect(counts).toHaveLength(50)
  })

  it('is cancelled while it runs', async () => {
    const folder = makeFolder()
    writeFileSync(join(workspace.bin, 'rg'), `#!/bin/sh\ntouch ${folder}/started\nexec sleep 600\n`, {
      mode: 0o755,
    })
    const requestId = randomUUID()
    const search = { op: 'search', folder, query: 'x', maxMatches: 10 } as const
    const flags = { isRegex: false, isCaseSensitive: true, isWholeWord: false }
    const answer = refused(workspace.ask({ ...search, ...flags }, { requestId }))
    await expect.poll(() => existsSync(join(folder, 'started')), { timeout: 10_000 }).toBe(true)
    workspace.post({ type: 'files-cancel', requestId })
    expect(await answer).toMatchObject({ code: 'cancelled' })
    execFileSync('rm', [join(workspace.bin, 'rg')])
  })
})

it('fails what was on its way when the connection is cut, and heals for the next request', async () => {
  workspace.cut()
  await expect.poll(() => workspace.states.at(-1)?.kind, { timeout: 10_000 }).not.toBe('open')
  expect((await workspace.ask({ op: 'home' })).path).toBe(workspace.home)
  expect(workspace.states.at(-1)).toEqual({ kind: 'open' })
  workspace.say({ type: 'remove-deployment', deploymentId: 'local' })
  expect(await refused(workspace.ask({ op: 'home' }))).toMatchObject({ code: 'no_way_in' })
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
