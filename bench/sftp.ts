/**
 * Files to and from a local workspace: the bridge's own copies beside OpenSSH's `sftp` through the proxy command, by the
 * same cipher, against the same agent.
 */
import { randomBytes } from 'node:crypto'
import { appendFile, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { DeploymentAccess } from '#bridge/bridge/deployment-access'
import { createPlaces } from '#bridge/bridge/files/places'
import { SftpClient } from '#bridge/bridge/files/sftp/sftp-client'
import { createDownload } from '#bridge/bridge/files/transfers/download'
import { openRemoteHasher } from '#bridge/bridge/files/transfers/remote-hasher'
import { createUpload } from '#bridge/bridge/files/transfers/upload'
import type { CopyDirection } from '#bridge/bridge/files/transfers/copy-direction'
import { systemClock } from '#bridge/lib/clock'
import { silentLogger } from '#bridge/lib/logger'
import { createWebSocketTransport } from '#bridge/transport/workspace-transport'
import { createOpenSshClient, type OpenSshClient } from '#bridge/testing/open-ssh'
import { measurement, type Benchmark } from './benchmark.ts'
import {
  createWorkspace,
  inBenchFolder,
  startBenchDeployment,
  waitForAgent,
  type BenchDeployment,
} from './bench-deployment.ts'
import { median } from './statistics.ts'

const sizeBytes = 256 * 1024 * 1024
const rounds = 5
const cipher = 'aes128-gcm@openssh.com'

type Way = 'download' | 'upload'

export const sftp: Benchmark = {
  name: 'sftp',
  about: 'copies of 256 MiB from and to a workspace, beside OpenSSH sftp',
  run: async (log) => {
    const ends: (() => Promise<void>)[] = []
    try {
      const deployment = await startBenchDeployment()
      ends.push(() => deployment.stop())
      const { id: workspaceId } = await createWorkspace(deployment, 'files')
      await waitForAgent(deployment, workspaceId)
      return await inBenchFolder(async (folder) => {
        const local = path.join(folder, 'local')
        await writeRandom(local)
        const theirs = await openTheirs(deployment)
        ends.push(() => theirs.close())
        const ours = await openOurs(deployment, workspaceId)
        ends.push(ours.close)
        return await compare({ ours, theirs, local, log })
      })
    } finally {
      for (const end of ends.toReversed()) await end()
    }
  },
}

interface Contest {
  readonly ours: Ours
  readonly theirs: Theirs
  readonly local: string
  readonly log: (line: string) => void
}

async function compare({ ours, theirs, local, log }: Contest) {
  const rates = { download: pairs(), upload: pairs() }
  const verified: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of ['upload', 'download'] as const) {
      // By turns, and who begins changes: what the machine does besides hits both.
      const theirsFirst = round % 2 === 0
      const early = theirsFirst ? await theirs.copy(way, local) : undefined
      const our = await ours.copy(way, local)
      const their = early ?? (await theirs.copy(way, local))
      // The first round warms both.
      if (round === 0) continue
      rates[way].ours.push(our)
      rates[way].theirs.push(their)
    }
    if (round > 0) verified.push(await ours.copy('download', local, true))
  }
  return (['download', 'upload'] as const).flatMap((way) => {
    const { ours: our, theirs: their } = rates[way]
    log(`${way}: ours ${our.map(Math.round).join(' ')}, sftp ${their.map(Math.round).join(' ')} MB/s`)
    const common = { unit: 'MB/s', reference: median(their) }
    const limit = { of: 'ratio', atLeast: 0.9 } as const
    const plain = measurement({ name: `sftp ${way}`, value: median(our), ...common, limit })
    if (way === 'upload') return [plain]
    return [
      plain,
      measurement({ name: 'sftp download, verified by SHA-256', value: median(verified), ...common }),
    ]
  })
}

function pairs(): { readonly ours: number[]; readonly theirs: number[] } {
  return { ours: [], theirs: [] }
}

interface Theirs {
  /** MB/s. */
  copy(way: Way, local: string): Promise<number>
  close(): Promise<void>
}

/** The connection stands before: a start of the proxy command is no throughput. */
async function openTheirs(deployment: BenchDeployment): Promise<Theirs> {
  const client: OpenSshClient = await createOpenSshClient(deployment)
  await appendFile(path.join(client.folder, 'config'), `\nHost *\n  Ciphers ${cipher}\n`)
  const shared = await client.share('coder.files')
  const run = async (command: string): Promise<void> => {
    const { code, stderr } = await client.run(
      'sftp',
      [...shared, '-q', '-b', '-', 'coder.files'],
      `${command}\n`,
    )
    if (code !== 0) throw new Error(`sftp failed: ${stderr}`)
  }
  return {
    async copy(way, local) {
      const back = path.join(client.folder, 'back')
      const started = performance.now()
      await run(way === 'upload' ? `put ${local} theirs` : `get theirs ${back}`)
      const rate = mbPerSecond(started)
      if (way === 'download') await requireWhole(back)
      return rate
    },
    close: () => client.close(),
  }
}

interface Ours {
  copy(way: Way, local: string, verify?: boolean): Promise<number>
  close(): Promise<void>
}

async function openOurs(deployment: BenchDeployment, workspaceId: string): Promise<Ours> {
  const { url, token, client } = deployment
  const access: DeploymentAccess = { url, token, client, transport: createWebSocketTransport({ url, token }) }
  const places = createPlaces({
    accessOf: () => access,
    clock: systemClock,
    logger: silentLogger,
    onSignedOut: () => undefined,
  })
  const { signal } = new AbortController()
  const { session } = await places.at({ deploymentId: 'bench', workspaceId }).acquire(signal)
  const home = await session.sftp.realpath('.')
  return {
    async copy(way, local, verify = false) {
      const channel = await SftpClient.open(session.ssh)
      const hasher = verify ? await openRemoteHasher(session.ssh, signal) : null
      const common = { sftp: channel, hasher, signal }
      const remotePath = `${home}/ours`
      const back = `${local}-back`
      const direction: CopyDirection =
        way === 'upload'
          ? createUpload({ ...common, localPath: local, remotePath, isFolder: false })
          : createDownload({ ...common, localPath: back, remotePath })
      const started = performance.now()
      const [file] = (await direction.plan()).files
      if (file === undefined) throw new Error('There is nothing to copy.')
      const relative = way === 'upload' ? 'ours' : path.basename(back)
      await direction.copy({ file, relative, mayReplace: true, onBytes: () => undefined })
      const rate = mbPerSecond(started)
      hasher?.close()
      channel.end()
      if (way === 'download') await requireWhole(back)
      return rate
    },
    close: async () => {
      places.close()
    },
  }
}

function mbPerSecond(started: number): number {
  return sizeBytes / 1e6 / ((performance.now() - started) / 1000)
}

async function requireWhole(file: string): Promise<void> {
  const { size } = await stat(file)
  if (size !== sizeBytes) throw new Error(`${String(size)} bytes came.`)
  await rm(file)
}

async function writeRandom(file: string): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    for (let at = 0; at < sizeBytes; at += 16 * 1024 * 1024) await handle.write(randomBytes(16 * 1024 * 1024))
  } finally {
    await handle.close()
  }
}
