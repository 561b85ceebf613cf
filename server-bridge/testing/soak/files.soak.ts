/**
 * One large file up and down again, with the connection cut at random places on the way. Full: 1 GB and ten cuts each
 * way; short: 100 MB and three.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Transfer } from '../../contract/file-transfers.ts'
import { startFilesWorkspace, type FilesWorkspace } from '../files-workspace.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { waitFor } from '../wait-for.ts'

const FULL = process.env['SOAK'] === 'full'
const SIZE = FULL ? 1_000_000_000 : 100_000_000
const CUTS = FULL ? 10 : 3
const SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? Date.now() % 1_000_000 : 20_260))
/** Of one way. */
const PATIENCE_MS = FULL ? 15 * 60_000 : 120_000

const random = createSeededRandom(SEED)
let workspace: FilesWorkspace
let local: string
let transfer: Transfer | undefined

beforeEach(async () => {
  workspace = await startFilesWorkspace()
  local = mkdtempSync(join(tmpdir(), 'outpost-soak-files-'))
  workspace.onMessage((message) => {
    if (message.type !== 'transfers-changed') return
    for (const changed of message.transfers) transfer = changed
  })
  workspace.post({ type: 'transfers-watch' })
})
afterEach(async () => {
  await workspace.close()
  rmSync(local, { recursive: true, force: true })
})

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function writeRandom(path: string): Promise<void> {
  const handle = await open(path, 'wx')
  for (let at = 0; at < SIZE; at += 1_000_000) await handle.write(randomBytes(1_000_000))
  await handle.close()
}

/** Cuts as often as is left to do while it runs, then waits for the end. */
async function survive(): Promise<void> {
  const begun = Date.now()
  const places = Array.from({ length: CUTS }, () => random.below(SIZE * 0.9)).toSorted((a, b) => a - b)
  for (const place of places) {
    await waitFor(
      `${String(place)} bytes are there (seed ${String(SEED)})`,
      () => (transfer?.state.kind === 'done' || (transfer?.bytesDone ?? 0) >= place ? true : undefined),
      PATIENCE_MS,
    )
    workspace.cut()
  }
  await waitFor(
    `the copy is done (seed ${String(SEED)})`,
    () => {
      if (transfer?.state.kind === 'failed') throw new Error(transfer.state.reason)
      return transfer?.state.kind === 'done' ? true : undefined
    },
    PATIENCE_MS - (Date.now() - begun),
  )
  expect(transfer?.state).toMatchObject({ verified: 'sha256' })
  transfer = undefined
}

it(
  'brings a large file there and back through cuts of the connection',
  async () => {
    const source = join(local, 'large')
    await writeRandom(source)
    const expected = await sha256(source)
    const common = { place: workspace.place, onConflict: 'ask' }
    const give = (kind: string, path: string): string => {
      const localId = randomUUID()
      workspace.say({ type: 'give-local', localId, kind, paths: [path] })
      return localId
    }
    const upload = { requestId: randomUUID(), localId: give('sources', source), folder: workspace.home }
    workspace.post({ type: 'transfers-upload', ...upload, ...common })
    await survive()
    const there = join(workspace.home, 'large')
    expect(await sha256(there)).toBe(expected)
    rmSync(source)
    const download = { requestId: randomUUID(), localId: give('folder', local), paths: [there] }
    workspace.post({ type: 'transfers-download', ...download, ...common })
    await survive()
    expect(await sha256(source)).toBe(expected)
    expect(readdirSync(local)).toEqual(['large'])
    expect(readdirSync(workspace.home)).toEqual(['large'])
  },
  2 * PATIENCE_MS + 60_000,
)
