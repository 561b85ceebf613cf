/** The server's program on a data folder with many workspaces. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AgentInit } from '#bridge/contract/agent-link'
import { ownProcess, type OwnedProcess } from '../e2e/fixtures/owned-process.ts'
import { programName } from '../scripts/electron-runtime/electron-runtime.ts'
import { resolveElectron } from '../scripts/electron-runtime/resolve-electron.ts'
import { inBenchFolder, serverFile } from './bench-deployment.ts'
import { copySeededData, type SeedRequest } from './seeded-data.ts'

export interface SeededServer {
  readonly url: string
  readonly pid: number
  /** Of the owner of the deployment. */
  readonly token: string
  /** What the agents that should run were to be started with. */
  readonly agents: readonly AgentInit[]
}

const agentlessFile = fileURLToPath(new URL('agentless-server.ts', import.meta.url))

/** Works with a server on such data, which ends afterwards. It starts no agents, however many should run. */
export async function withSeededServer<T>(
  request: SeedRequest,
  work: (server: SeededServer) => Promise<T>,
): Promise<T> {
  return await inBenchFolder(async (folder) => {
    const dataDir = `${folder}/data`
    const token = await copySeededData(request, dataDir)
    const { server, url, agents } = await startAgentless(dataDir)
    try {
      return await work({ url, pid: server.pid, token, agents })
    } finally {
      await server.stop()
    }
  })
}

/** Works with the server on such data, run by Electron as the app does it; nothing of it may be running. */
export async function withShippedServer<T>(
  request: Omit<SeedRequest, 'running'>,
  work: (server: Omit<SeededServer, 'agents'>) => Promise<T>,
): Promise<T> {
  return await inBenchFolder(async (folder) => {
    const dataDir = `${folder}/data`
    const token = await copySeededData(request, dataDir)
    const { server, url } = await startServer(dataDir, await electronProgram())
    try {
      return await work({ url, pid: server.pid, token })
    } finally {
      await server.stop()
    }
  })
}

interface StartedServer {
  readonly server: OwnedProcess
  readonly url: string
}

/** Starts the server's program; resolves with its ready line. */
export async function startServer(dataDir: string, program = process.execPath): Promise<StartedServer> {
  const { server, ready } = await start([serverFile, '--port', '0', '--data-dir', dataDir], program)
  const { url } = JSON.parse(ready) as { url: string }
  return { server, url }
}

async function startAgentless(
  dataDir: string,
): Promise<StartedServer & { readonly agents: readonly AgentInit[] }> {
  const { server, ready } = await start(['--import', 'tsx', agentlessFile, dataDir])
  const { url, agents } = JSON.parse(ready) as { url: string; agents: AgentInit[] }
  return { server, url, agents }
}

/** Runs a program of the benchmarks by Electron, as the app's server is run, until it prints a line. */
export async function runToLine(file: string, args: readonly string[]): Promise<void> {
  const { server } = await start(['--import', 'tsx', file, ...args], await electronProgram())
  await server.stop()
}

/** `BENCH_CPU_PROFILE` is a folder for profiles of what is started. */
async function start(
  args: readonly string[],
  program = process.execPath,
): Promise<{ readonly server: OwnedProcess; readonly ready: string }> {
  const profile = process.env['BENCH_CPU_PROFILE']
  const flags = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile]
  // Electron takes itself for Node by this; Node does not look at it.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  const child = spawn(program, [...flags, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env })
  const server = ownProcess(child, 'the server')
  return { server, ready: await server.firstLine(createInterface({ input: child.stdout })) }
}

/** Its Node is the one that the app's server runs in, and its V8 is not the one of the Node that runs this. */
async function electronProgram(): Promise<string> {
  const { distFolder } = await resolveElectron(() => undefined)
  return path.join(distFolder, programName(process.platform))
}
