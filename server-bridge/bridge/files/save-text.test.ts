import { createHash, randomBytes } from 'node:crypto'
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
import { refusalOf, startFilesWorkspace, type FilesWorkspace } from '../../testing/files-workspace.ts'

let workspace: FilesWorkspace

beforeAll(async () => {
  workspace = await startFilesWorkspace()
})
afterAll(async () => {
  await workspace.close()
})

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const read = (path: string, maxBytes = 1024 * 1024) => workspace.ask({ op: 'read', path, maxBytes })

describe('saving', () => {
  const save = (path: string, text: string, base: unknown, force = false) =>
    workspace.ask({ op: 'save', path, bytes: Buffer.from(text), base: base as null, force })

  it('replaces the real file behind links, with its mode, and leaves nothing beside it', async () => {
    const folder = workspace.makeFolder()
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
    const folder = workspace.makeFolder()
    const path = join(folder, 'file')
    writeFileSync(path, 'aaaa')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    const { version } = await read(path)
    writeFileSync(path, 'bbbb')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    expect(await refusalOf(save(path, 'mine', version))).toMatchObject({
      code: 'conflict',
      current: { mtime: 1_700_000_000, size: 4, sha256: sha256('bbbb') },
    })
    expect(readFileSync(path, 'utf8')).toBe('bbbb')
    expect(readdirSync(folder)).toEqual(['file'])
    await workspace.ask({ op: 'delete', path })
    expect(await refusalOf(save(path, 'mine', version))).toMatchObject({ code: 'conflict', current: null })
    await save(path, 'mine', null)
    expect(await refusalOf(save(path, 'again', null))).toMatchObject({
      code: 'conflict',
      current: { sha256: sha256('mine') },
    })
    await save(path, 'forced', null, true)
    expect(readFileSync(path, 'utf8')).toBe('forced')
  })

  it('takes a file that was only touched', async () => {
    const path = join(workspace.makeFolder(), 'file')
    writeFileSync(path, 'same')
    const { version } = await read(path)
    utimesSync(path, 1_600_000_000, 1_600_000_000)
    await save(path, 'next', version)
    expect(readFileSync(path, 'utf8')).toBe('next')
  })

  it('of two windows at once lets one win and tells the other', async () => {
    const path = join(workspace.makeFolder(), 'file')
    writeFileSync(path, 'base')
    const { version } = await read(path)
    const large = 'x'.repeat(3_000_000)
    await save(path, large, version)
    const first = await read(path, 4_000_000)
    const results = await Promise.all([
      refusalOf(save(path, 'one', first.version)),
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
    const folder = workspace.makeFolder()
    const path = `${folder}/it's é`
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)
    symlinkSync("it's é", join(folder, 'link'))
    const { version } = await read(path)
    expect(await refusalOf(asRoot(path, 'new', version, null))).toMatchObject({ code: 'password_needed' })
    const wrong = await refusalOf(asRoot(path, 'the text of the file', version, 'wrong'))
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
    const path = join(workspace.makeFolder(), 'file')
    const first = await asRoot(path, 'one', null, null)
    expect(statSync(path).mode & 0o7777).toBe(0o644)
    const second = await asRoot(path, 'two', first.version, 'not wanted')
    expect(readFileSync(path, 'utf8')).toBe('two')
    writeFileSync(path, 'theirs')
    expect(await refusalOf(asRoot(path, 'three', second.version, null))).toMatchObject({
      code: 'conflict',
      current: { size: 6, sha256: sha256('theirs') },
    })
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    await asRoot(path, randomBytes(300_000).toString('hex'), null, null, true)
    expect(statSync(path).size).toBe(600_000)
  })

  it('says when the user may not, and when there is no sudo', async () => {
    const path = join(workspace.makeFolder(), 'file')
    installSudo('no-sudoer')
    expect(await refusalOf(asRoot(path, 'x', null, password))).toMatchObject({ code: 'not_allowed' })
    writeFileSync(join(workspace.bin, 'sudo'), '#!/bin/sh\necho no-sudo >&2; exit 127\n', { mode: 0o755 })
    expect(await refusalOf(asRoot(path, 'x', null, null))).toMatchObject({ code: 'no_sudo' })
    expect(existsSync(path)).toBe(false)
  })
})
