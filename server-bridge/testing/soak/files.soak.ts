/**
 * One large file up and down again, with the connection cut at random places on the way. Full: 1 GB and ten cuts each
 * way, against the agent and OpenSSH's own server, and 1 GB by OpenSSH's own programs; short: 100 MB and three, against
 * the agent.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Transfer } from '../../contract/file-transfers.ts'
import { startFilesWorkspace, type FilesWorkspace } from '../files-workspace.ts'
import { createOpenSshClient, type OpenSshClient } from '../open-ssh.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { startTestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

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

beforeEach(() => {
  local = mkdtempSync(join(tmpdir(), 'outpost-soak-files-'))
})
afterEach(() => {
  rmSync(local, { recursive: true, force: true })
})
async function openWorkspace(server: 'agent' | 'open-sshd'): Promise<void> {
  workspace = await startFilesWorkspace({ server })
  onTestFinished(() => workspace.close())
  workspace.onMessage((message) => {
    if (message.type !== 'transfers-changed') return
    for (const changed of message.transfers) transfer = changed
  })
  workspace.post({ type: 'transfers-watch' })
}

async function sha256(bytes: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
const sha256Of = (path: string): Promise<string> => sha256(createReadStream(path))

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

it.for(FULL && process.platform === 'linux' ? (['agent', 'open-sshd'] as const) : (['agent'] as const))(
  'brings a large file there and back through cuts of the connection, against %s',
  { timeout: 2 * PATIENCE_MS + 60_000 },
  async (server) => {
    await openWorkspace(server)
    const source = join(local, 'large')
    await writeRandom(source)
    const expected = await sha256Of(source)
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
    expect(await sha256Of(there)).toBe(expected)
    rmSync(source)
    const download = { requestId: randomUUID(), localId: give('folder', local), paths: [there] }
    workspace.post({ type: 'transfers-download', ...download, ...common })
    await survive()
    expect(await sha256Of(source)).toBe(expected)
    expect(readdirSync(local)).toEqual(['large'])
    expect(readdirSync(workspace.home)).toEqual(['large'])
  },
)

describe.runIf(FULL)('OpenSSH’s own programs', () => {
  const host = 'coder.main'
  const ends: (() => Promise<void>)[] = []
  let ssh: OpenSshClient
  let shared: readonly string[]
  let home: string

  beforeAll(async () => {
    const server = await startTestServer()
    ends.push(() => server.close())
    const token = await server.deployment.mintOwnerSession('Ada Lovelace')
    const client = server.client(token)
    await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
    home = join(server.dataDir, 'workspaces', 'main')
    ssh = await createOpenSshClient({ url: server.url, token })
    ends.push(() => ssh.close())
    shared = await ssh.share(host)
  })
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })

  it('bring a large file there and back by sftp', async () => {
    const source = join(local, 'large')
    await writeRandom(source)
    const commands = `put ${source} by-sftp\nget by-sftp ${local}/back\n`
    const { code, stderr } = await ssh.run('sftp', [...shared, '-b', '-', host], commands)
    expect([code, stderr]).toEqual([0, ''])
    const expected = await sha256Of(source)
    expect([await sha256Of(join(home, 'by-sftp')), await sha256Of(join(local, 'back'))]).toEqual([
      expected,
      expected,
    ])
  })

  it('bring as many bytes there and back through commands', async () => {
    const source = join(local, 'large')
    await writeRandom(source)
    const expected = await sha256Of(source)
    const { child, stdin } = startPiped('cat > by-ssh')
    const ended = once(child, 'close')
    await pipeline(createReadStream(source), stdin)
    expect(await ended).toEqual([0, null])
    expect(await sha256Of(join(home, 'by-ssh'))).toBe(expected)
    expect(await sha256(startPiped('cat by-ssh').stdout)).toBe(expected)
  })

  const startPiped = (command: string) => {
    const child = ssh.start('ssh', [...shared, host, command])
    const { stdin, stdout } = child
    if (stdin === null || stdout === null) throw new Error('The program has no pipes.')
    return { child, stdin, stdout }
  }
})
