import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeptTransfer } from '#bridge/contract/file-transfers'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { createFakeProcessHost, type FakeProcessHost } from '../../testing/fake-ports.ts'
import type { CallFailure } from '../../testing/in-memory-page.ts'

let userDataDir: string
let host: FakeProcessHost
let app: AppHarness

async function start(): Promise<void> {
  host = createFakeProcessHost()
  host.onStart = (process) => {
    queueMicrotask(() => process.say({ type: 'ready', pid: process.pid }))
    const { post } = process
    process.post = (message) => {
      post(message)
      if ((message as { type?: string }).type === 'shutdown') process.exit(0)
    }
  }
  app = await startHarness({ userDataDir, processHost: host })
  await expect.poll(() => bridge()?.entry).toBe('bridge')
}
const bridge = () => host.started.find(({ entry }) => entry === 'bridge')
const posted = (type: string) =>
  (bridge()?.posted ?? []).filter((message) => (message as { type: string }).type === type)
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (thrown: unknown) => (thrown as CallFailure).error.code,
  )

beforeEach(async () => {
  userDataDir = mkdtempSync(join(tmpdir(), 'outpost-files-main-'))
  await start()
})
afterEach(async () => {
  await app.close()
  rmSync(userDataDir, { recursive: true, force: true })
})

const place = { deploymentId: 'local', workspaceId: testUuid(1), agentName: 'main' }
const kept: KeptTransfer = {
  transferId: testUuid(2),
  batchId: testUuid(3),
  direction: 'download',
  place: { deploymentId: 'local', workspaceId: testUuid(1) },
  isFolder: false,
  localPath: '/home/ada/Downloads/file',
  remotePath: '/home/coder/file',
  onConflict: 'ask',
  decisions: {},
  hasRun: true,
  state: 'done',
  reason: '',
  bytesTotal: 3,
  filesTotal: 1,
}

describe('what the user chooses or drops', () => {
  it('goes to the bridge as paths and to the window as a name for them', async () => {
    const folder = join(userDataDir, 'chosen')
    mkdirSync(folder)
    writeFileSync(join(userDataDir, 'note'), 'four')
    app.desktop.chosenPaths = [join(userDataDir, 'note'), folder]
    const chosen = await app.page.call('files.chooseUpload', { kind: 'files' })
    expect(chosen?.items).toEqual([
      { name: 'note', isFolder: false, size: 4 },
      { name: 'chosen', isFolder: true, size: 0 },
    ])
    const { chosenPaths } = app.desktop
    expect(posted('give-local')).toEqual([
      { type: 'give-local', localId: chosen?.localId, kind: 'sources', paths: chosenPaths },
    ])
    expect(JSON.stringify(chosen)).not.toContain(userDataDir)
    app.desktop.chosenPaths = []
    expect(await app.page.call('files.chooseUpload', { kind: 'folders' })).toBeNull()
    expect(await app.page.call('files.chooseDownloadFolder', {})).toBeNull()
  })

  it('is taken by the window it was dropped into, once', async () => {
    const dropId = testUuid(9)
    app.windows.dropFiles(7, dropId, ['/somebody/else'])
    // The page's call may be here first.
    const taken = app.page.call('files.takeDropped', { dropId })
    app.windows.dropFiles(1, dropId, [join(userDataDir, 'dropped')])
    expect((await taken).items).toEqual([{ name: 'dropped', isFolder: false, size: 0 }])
    app.windows.dropFiles(1, testUuid(10), [])
    expect(await codeOf(app.page.call('files.takeDropped', { dropId: testUuid(10) }))).toBe('nothing_dropped')
  })
})

it('keeps transfers over restarts, and shows only what a finished download made', async () => {
  bridge()?.say({ type: 'keep-transfers', transfers: [kept] })
  await expect.poll(() => codeOf(app.page.call('files.reveal', { transferId: kept.transferId }))).toBe('none')
  expect(app.desktop.shownInFolder).toEqual([kept.localPath])
  await app.page.call('files.startDrag', { transferIds: [kept.transferId] })
  expect(app.windows.dragged).toEqual([[kept.localPath]])
  await app.close()
  await start()
  await expect
    .poll(() => posted('restore-transfers'))
    .toEqual([{ type: 'restore-transfers', transfers: [kept] }])
  bridge()?.say({ type: 'keep-transfers', transfers: [{ ...kept, state: 'paused' }] })
  await expect
    .poll(() => codeOf(app.page.call('files.reveal', { transferId: kept.transferId })))
    .toBe('not_found')
})

it('makes private folders to drag out of, and empties them at the next start', async () => {
  const made = await app.page.call('files.makeDragFolder', {})
  const [given] = posted('give-local') as { localId: string; kind: string; paths: string[] }[]
  expect(given).toMatchObject({ localId: made.localId, kind: 'folder' })
  expect(statSync(given?.paths[0] ?? '').mode & 0o777).toBe(0o700)
  await app.close()
  await start()
  await expect.poll(() => readdirSync(userDataDir)).not.toContain('drag-out')
})

describe('unsaved text', () => {
  const keep = (location: string, text: string, [part, parts] = [0, 1]) =>
    app.page.call('files.keepRecovery', { ...place, location, text, baseSha256: null, part, parts })

  it('is kept one for each file, private, over restarts, until it is removed', async () => {
    const { recoveryId } = await keep('/a', 'first')
    expect(await keep('/a', 'second')).toEqual({ recoveryId })
    await keep('/b', 'other')
    await app.close()
    await start()
    const { recoveries } = await app.page.call('files.listRecoveries', {})
    expect(recoveries.map(({ location, chars }) => [location, chars]).toSorted()).toEqual([
      ['/a', 6],
      ['/b', 5],
    ])
    expect(await app.page.call('files.readRecovery', { recoveryId })).toEqual({ text: 'second' })
    const folder = join(userDataDir, 'recovery')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    await app.page.call('files.removeRecovery', { recoveryId })
    await app.page.call('files.removeRecovery', { recoveryId })
    expect(await codeOf(app.page.call('files.readRecovery', { recoveryId }))).toBe('not_found')
  })

  it('that is long comes in parts, and nothing is replaced before the last one', async () => {
    const part = 'é'.repeat(256 * 1024)
    const { recoveryId } = await keep('/a', 'old')
    await keep('/a', part, [0, 3])
    await keep('/a', part, [1, 3])
    expect(await app.page.call('files.readRecovery', { recoveryId })).toEqual({ text: 'old' })
    await keep('/a', 'end', [2, 3])
    expect(await app.page.call('files.readRecovery', { recoveryId })).toEqual({ text: `${part}${part}end` })
    expect(await codeOf(keep('/a', 'x', [1, 2]))).toBe('not_saved')
  })

  it('that is damaged does not hide the rest', async () => {
    const { recoveryId } = await keep('/a', 'text')
    const folder = join(userDataDir, 'recovery')
    writeFileSync(join(folder, `${testUuid(4)}.json`), '{"half')
    writeFileSync(join(folder, 'other.txt'), '')
    const { recoveries } = await app.page.call('files.listRecoveries', {})
    expect(recoveries.map((recovery) => recovery.recoveryId)).toEqual([recoveryId])
    expect(readdirSync(folder)).toHaveLength(3)
  })
})
