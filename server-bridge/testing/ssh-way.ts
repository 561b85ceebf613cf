/** SSH servers of one workspace, each with the deployment that leads to it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { createProcessTree } from '../agent/process-tree.ts'
import { SshServer } from '../agent/ssh/ssh-server.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { agentManifest } from './agent-manifest.ts'
import { createOpenSshd } from './open-sshd.ts'
import { startSshWorkspace } from './ssh-workspace.ts'

export interface SshWay {
  /** Of the deployment. */
  readonly url: string
  /** The workspace's folder on this machine. */
  readonly home: string
  /** The deployment's command line, where that is the way in. */
  readonly cli?: string
  /** Cuts every connection to the workspace. */
  cut(): void
  close(): Promise<void>
}

/**
 * The agent's own SSH server, in this process, over the deployment's WebSocket.
 *
 * @param bin a folder on the workspace's PATH before all others.
 */
export async function startAgentWay({ bin, shell }: { bin: string; shell: string }): Promise<SshWay> {
  const home = mkdtempSync(join(tmpdir(), 'outpost-files-'))
  const parts = { clock: systemClock, logger: silentLogger }
  const processTree = createProcessTree({ ...parts, homeDir: home, agentName: 'main', instanceId: 'test' })
  const ssh = new SshServer({ ...parts, processTree, readGreeting: async () => Buffer.alloc(0) })
  const environment = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, SHELL: shell, HOME: home }
  const streams = new Set<Duplex>()
  const { url, close } = await startSshWorkspace((stream) => {
    streams.add(stream)
    stream.on('error', () => undefined)
    stream.once('close', () => streams.delete(stream))
    const surroundings = { homeDir: home, manifest: agentManifest(), environment }
    void ssh.serve(stream, surroundings, { count: () => undefined })
  })
  return {
    url,
    home,
    cut() {
      for (const stream of [...streams]) stream.destroy()
    },
    async close() {
      await ssh.close()
      await close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** OpenSSH's server behind a command line, on a deployment that has no way of its own. */
export async function startSshdWay(): Promise<SshWay> {
  const { home, cli, cut, close: remove } = createOpenSshd()
  const { url, close } = await startSshWorkspace(undefined, [])
  return {
    url,
    home,
    cli,
    cut,
    async close() {
      await close()
      remove()
    },
  }
}
