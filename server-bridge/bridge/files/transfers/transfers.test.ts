import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Transfer, TransferState } from '../../../contract/file-transfers.ts'
import { startFilesWorkspace, type FilesWorkspace } from '../../../testing/files-workspace.ts'

let workspace: FilesWorkspace
let local: string
let transfers: Map<string, Transfer>
/** Bytes of the last upload or download that were already there when it went on. */
let firstBytes: number | undefined

beforeEach(async () => {
  workspace = await startFilesWorkspace()
  local = mkdtempSync(join(tmpdir(), 'outpost-local-'))
  transfers = new Map()
  watch()
})
afterEach(async () => {
  await workspace.close()
  rmSync(local, { recursive: true, force: true })
})

function watch(): void {
  workspace.onMessage((message) => {
    if (message.type !== 'transfers-changed') return
    if (message.isAll) transfers.clear()
    for (const transfer of message.transfers) {
      transfers.set(transfer.transferId, transfer)
      if (transfer.state.kind === 'running' && transfer.bytesDone > 0) firstBytes ??= transfer.bytesDone
    }
    for (const transferId of message.gone) transfers.delete(transferId)
  })
  workspace.post({ type: 'transfers-watch' })
}
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
const only = () => [...transfers.values()][0]
const stateOf = (transfer = only()): TransferState['kind'] | undefined => transfer?.state.kind
const until = (kind: TransferState['kind']) => expect.poll(() => stateOf(), { interval: 5 }).toBe(kind)

function give(kind: 'sources' | 'folder', ...paths: readonly string[]): string {
  const localId = randomUUID()
  workspace.say({ type: 'give-local', localId, kind, paths })
  return localId
}
function upload(paths: readonly string[], onConflict = 'ask', folder = workspace.home): void {
  const { place } = workspace
  const localId = give('sources', ...paths)
  const requestId = randomUUID()
  workspace.post({ type: 'transfers-upload', requestId, localId, place, folder, onConflict })
}
function download(paths: readonly string[], onConflict = 'ask'): void {
  const { place } = workspace
  const localId = give('folder', local)
  const requestId = randomUUID()
  workspace.post({ type: 'transfers-download', requestId, localId, place, paths, onConflict })
}
/** Waits until so many bytes are there, by what is shown. */
const untilBytes = (bytes: number) =>
  expect.poll(() => only()?.bytesDone ?? 0, { interval: 5 }).toBeGreaterThan(bytes)

describe('a file', () => {
  it('goes there and back unchanged, verified, with its mode and time, also an empty one', async () => {
    const source = join(local, 'large')
    writeFileSync(source, randomBytes(5 * 1024 * 1024 + 17), { mode: 0o750 })
    utimesSync(source, 1_700_000_000, 1_700_000_000)
    writeFileSync(join(local, 'empty'), '')
    upload([source, join(local, 'empty')])
    await expect
      .poll(() => [...transfers.values()].map(({ state }) => state))
      .toEqual([
        { kind: 'done', verified: 'sha256', skipped: 0 },
        { kind: 'done', verified: 'sha256', skipped: 0 },
      ])
    const there = join(workspace.home, 'large')
    expect(sha256(there)).toBe(sha256(source))
    expect(statSync(there).mode & 0o777).toBe(0o750)
    expect(Math.floor(statSync(there).mtimeMs / 1000)).toBe(1_700_000_000)
    expect(readdirSync(workspace.home).toSorted()).toEqual(['empty', 'large'])
    workspace.post({ type: 'transfers-forget' })
    await expect.poll(() => transfers.size).toBe(0)
    rmSync(source)
    rmSync(join(local, 'empty'))
    download([there, join(workspace.home, 'empty')])
    await expect
      .poll(() => [...transfers.values()].map((transfer) => stateOf(transfer)))
      .toEqual(['done', 'done'])
    expect(sha256(source)).toBe(sha256(there))
    expect(Math.floor(statSync(source).mtimeMs / 1000)).toBe(1_700_000_000)
    expect(statSync(join(local, 'empty')).size).toBe(0)
  })

  it('is kept for a restart before it is said to have begun', async () => {
    const source = join(local, 'small')
    writeFileSync(source, 'x')
    const keptBefore = new Promise<boolean>((resolve) => {
      workspace.onMessage(({ type }) => {
        if (type !== 'transfers-begun') return
        resolve(workspace.toldMain.some((message) => message.type === 'keep-transfers'))
      })
    })
    upload([source])
    expect(await keptBefore).toBe(true)
  })

  it('survives cuts of the connection in the middle, both ways', async () => {
    const source = join(local, 'large')
    writeFileSync(source, randomBytes(30_000_000))
    upload([source])
    await untilBytes(12_000_000)
    workspace.cut()
    await until('done')
    const there = join(workspace.home, 'large')
    expect(only()?.state).toMatchObject({ verified: 'sha256' })
    expect(sha256(there)).toBe(sha256(source))
    workspace.post({ type: 'transfers-forget' })
    await expect.poll(() => transfers.size).toBe(0)
    rmSync(source)
    download([there])
    await untilBytes(12_000_000)
    workspace.cut()
    await until('done')
    expect(sha256(source)).toBe(sha256(there))
    expect(readdirSync(local)).toEqual(['large'])
  }, 60_000)

  it('is paused, kept over a restart of the app, and goes on where it was, unless that is not the same any more', async () => {
    const source = join(local, 'large')
    // So much that it is still under way when the pause arrives.
    writeFileSync(source, randomBytes(120_000_000))
    upload([source])
    await untilBytes(14_000_000)
    workspace.post({ type: 'transfers-pause' })
    await until('paused')
    const part = join(workspace.home, 'large.outpost-part')
    await workspace.restartBridge()
    const kept = workspace.toldMain.findLast((message) => message.type === 'keep-transfers')
    expect(kept?.type === 'keep-transfers' ? kept.transfers : []).toMatchObject([{ state: 'paused' }])
    expect(statSync(part).size).toBeGreaterThan(14_000_000)
    transfers.clear()
    workspace.post({ type: 'transfers-watch' })
    workspace.say({ ...kept, type: 'restore-transfers' })
    await until('paused')
    firstBytes = undefined
    workspace.post({ type: 'transfers-resume' })
    await until('done')
    expect(firstBytes).toBeGreaterThan(9_000_000)
    expect(sha256(join(workspace.home, 'large'))).toBe(sha256(source))
    // A part of something else: sent anew as a whole.
    rmSync(join(workspace.home, 'large'))
    writeFileSync(part, randomBytes(20_000_000))
    upload([source])
    await expect
      .poll(() => [...transfers.values()].map((transfer) => stateOf(transfer)))
      .toEqual(['done', 'done'])
    expect(sha256(join(workspace.home, 'large'))).toBe(sha256(source))
    expect(existsSync(part)).toBe(false)
  }, 60_000)

  it('is cancelled without leaving anything', async () => {
    const source = join(local, 'large')
    writeFileSync(source, '')
    truncateSync(source, 500_000_000)
    upload([source])
    await untilBytes(1_000_000)
    workspace.post({ type: 'transfers-cancel', transferId: only()?.transferId })
    await until('cancelled')
    await expect.poll(() => readdirSync(workspace.home)).toEqual([])
  })

  it('that is there already is asked about, replaced, kept beside, or skipped', async () => {
    writeFileSync(join(local, 'note.tar.gz'), 'new')
    for (const [choice, expected] of [
      ['skip', { 'note.tar.gz': 'old' }],
      ['keep-both', { 'note (2).tar.gz': 'new', 'note.tar.gz': 'old' }],
      ['replace', { 'note (2).tar.gz': 'new', 'note.tar.gz': 'new' }],
    ] as const) {
      writeFileSync(join(workspace.home, 'note.tar.gz'), 'old')
      workspace.post({ type: 'transfers-forget' })
      upload([join(local, 'note.tar.gz')])
      await until('conflict')
      expect(only()?.state).toMatchObject({ name: 'note.tar.gz', source: { size: 3 }, target: { size: 3 } })
      workspace.post({ type: 'transfers-resolve', transferId: only()?.transferId, choice, forAll: false })
      await until('done')
      const there = readdirSync(workspace.home).map((name) => [
        name,
        readFileSync(join(workspace.home, name), 'utf8'),
      ])
      expect(Object.fromEntries(there)).toEqual(expected)
    }
  })

  it('that cannot be read or written fails in words, and another try is possible', async () => {
    upload([join(local, 'none')])
    await until('failed')
    expect(only()?.state).toMatchObject({ reason: 'A file is not on this computer any more.' })
    writeFileSync(join(local, 'none'), 'now')
    workspace.post({ type: 'transfers-resume', transferId: only()?.transferId })
    await until('done')
    expect(readFileSync(join(workspace.home, 'none'), 'utf8')).toBe('now')
  })
})

describe('a folder', () => {
  it('goes with all that is in it, one answer counting for all, and links left out', async () => {
    const source = join(local, 'tree')
    mkdirSync(join(source, 'a/b'), { recursive: true })
    mkdirSync(join(source, 'empty'))
    for (let at = 0; at < 30; at += 1) writeFileSync(join(source, `a/b/f${String(at)}`), `new ${String(at)}`)
    symlinkSync('/etc', join(source, 'link'))
    mkdirSync(join(workspace.home, 'tree/a/b'), { recursive: true })
    for (let at = 0; at < 5; at += 1) writeFileSync(join(workspace.home, `tree/a/b/f${String(at)}`), 'old')
    upload([source])
    await until('conflict')
    workspace.post({
      type: 'transfers-resolve',
      transferId: only()?.transferId,
      choice: 'replace',
      forAll: true,
    })
    await until('done')
    expect(only()).toMatchObject({ filesDone: 30, filesTotal: 30, state: { skipped: 1 } })
    expect(readdirSync(join(workspace.home, 'tree')).toSorted()).toEqual(['a', 'empty'])
    expect(readFileSync(join(workspace.home, 'tree/a/b/f3'), 'utf8')).toBe('new 3')
    expect(readdirSync(join(workspace.home, 'tree/a/b'))).toHaveLength(30)
  })

  it('of a hostile workspace stays inside of the chosen one', async () => {
    const source = join(workspace.home, 'tree')
    const outside = mkdtempSync(join(tmpdir(), 'outpost-outside-'))
    mkdirSync(source)
    writeFileSync(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0x61, 0xff])]), 'bytes')
    writeFileSync(join(source, 'a\u202Eb\nc'), 'bidi')
    symlinkSync(outside, join(source, 'way-out'))
    mkdirSync(join(source, 'taken'))
    writeFileSync(join(source, 'taken/file'), 'inside')
    mkdirSync(join(local, 'tree'))
    // What lies here already must not be a way out either.
    symlinkSync(outside, join(local, 'tree/taken'))
    download([source])
    await until('failed')
    expect(only()?.state).toMatchObject({
      reason: expect.stringContaining('file or link named “taken”') as string,
    })
    expect(readdirSync(outside)).toEqual([])
    rmSync(join(local, 'tree/taken'))
    symlinkSync(join(outside, 'x'), join(local, 'tree/a%FF.outpost-part'))
    workspace.post({ type: 'transfers-resume', transferId: only()?.transferId })
    await expect
      .poll(() => only()?.state)
      .toMatchObject({
        reason: expect.stringContaining('is not written through') as string,
      })
    rmSync(join(local, 'tree/a%FF.outpost-part'))
    workspace.post({ type: 'transfers-resume', transferId: only()?.transferId })
    await until('done')
    expect(readdirSync(join(local, 'tree')).toSorted()).toEqual(['a%FF', 'a_b_c', 'taken'])
    expect(lstatSync(join(local, 'tree/taken')).isDirectory()).toBe(true)
    expect(readdirSync(outside)).toEqual([])
    rmSync(outside, { recursive: true })
  })
})

it('takes a name for local files once only, and waits for a sign-in', async () => {
  writeFileSync(join(local, 'file'), 'x')
  const localId = give('sources', join(local, 'file'))
  const answers: string[] = []
  workspace.onMessage((message) => {
    if (message.type === 'transfers-begun' || message.type === 'transfers-refused') answers.push(message.type)
  })
  workspace.say({ type: 'remove-deployment', deploymentId: 'local' })
  const folder = workspace.home
  const place = { ...workspace.place, deploymentId: 'later' }
  for (const kind of ['upload', 'upload']) {
    const requestId = randomUUID()
    workspace.post({ type: `transfers-${kind}`, requestId, localId, place, folder, onConflict: 'ask' })
  }
  await expect.poll(() => answers.toSorted()).toEqual(['transfers-begun', 'transfers-refused'])
  await until('waiting')
  workspace.signIn('later')
  await until('done')
  expect(readFileSync(join(workspace.home, 'file'), 'utf8')).toBe('x')
})
