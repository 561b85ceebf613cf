/** The server's program on a data folder with many workspaces. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ownProcess, type OwnedProcess } from '../e2e/fixtures/owned-process.ts'
import { inBenchFolder, serverFile } from './bench-deployment.ts'
import { copySeededData, type SeedRequest } from './seeded-data.ts'

export interface SeededServer {
  readonly url: string
  readonly pid: number
  /** Of the owner of the deployment. */
  readonly token: string
}

/** Works with a server on such data, which ends afterwards. */
export async function withSeededServer<T>(
  request: SeedRequest,
  work: (server: SeededServer) => Promise<T>,
): Promise<T> {
  return await inBenchFolder(async (folder) => {
    const dataDir = `${folder}/data`
    const token = await copySeededData(request, dataDir)
    const { server, url } = await startServer(dataDir)
    try {
      return await work({ url, pid: server.pid, token })
    } finally {
      await server.stop()
    }
  })
}

/** Starts the server's program; resolves with its ready line. */
export async function startServer(
  dataDir: string,
): Promise<{ readonly server: OwnedProcess; readonly url: string }> {
  const profile = process.env['BENCH_CPU_PROFILE']
  const args = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile]
  const child = spawn(
    process.execPath,
    [...args, serverFile, '--port', '0', '--data-dir', dataDir, '--dangerous-disable-rate-limits'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const server = ownProcess(child, 'the server')
  const { url } = JSON.parse(await server.firstLine(createInterface({ input: child.stdout }))) as {
    url: string
  }
  return { server, url }
}
