import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { ParsedKey } from 'ssh2'
import type { AgentGitSSHKey } from '../../contract/agent-runtime.ts'
import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import { folderPrefix, socketFolder, type AgentPlace } from '../left-folders.ts'
import { answerMessage, createMessageReader } from './ssh-agent-protocol.ts'
import { askUsersOwnAgent } from './users-own-agent.ts'

export interface GitSshOptions {
  readonly place: AgentPlace & { readonly agentName: string }
  readonly fetchKey: () => Promise<AgentGitSSHKey>
  /** Socket of the SSH agent of the user's session (`SSH_AUTH_SOCK`), where there is one. */
  readonly usersOwnAgent: string | undefined
  readonly logger: Logger
}

/** A `git` asks over one connection, and a person runs few of them at once. */
const maxClients = 64

/**
 * The owner's git key for `git` over SSH in the workspace, where Coder has `coder gitssh`: an SSH agent of our own with
 * that one key. Its private half is fetched for each signature and never touches the disk or an environment.
 */
export class GitSsh {
  readonly #options: GitSshOptions
  readonly #clients = new Set<Socket>()
  #folder: string | undefined
  #server: Server | undefined
  #command: string | undefined

  constructor(options: GitSshOptions) {
    this.#options = options
  }

  /** The value of `GIT_SSH_COMMAND`; undefined before {@link start}, and where there is none. */
  get command(): string | undefined {
    return this.#command
  }

  /** @throws when the socket cannot be made. */
  async start(): Promise<void> {
    // Git for Windows brings an ssh of its own, which speaks to no named pipe.
    if (process.platform === 'win32') return
    this.#folder = await mkdtemp(join(socketFolder(), folderPrefix('git', this.#options.place)))
    const socketPath = join(this.#folder, 'agent')
    const config = join(this.#folder, 'config')
    await writeFile(config, sshConfig(socketPath), { mode: 0o600 })
    const server = createServer((socket) => this.#serve(socket))
    // Those beyond are closed at once, and `git` goes on with the keys of the user.
    server.maxConnections = maxClients
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socketPath, resolve)
    })
    // Accepting may fail again and again, as while there are no file descriptors left: no reason to end the agent.
    server.on('error', (error) => {
      this.#options.logger.warn('A client of the git key could not be let in', { error: error.message })
    })
    await chmod(socketPath, 0o600)
    this.#command = `ssh -F '${config.replaceAll("'", `'\\''`)}'`
  }

  async close(): Promise<void> {
    this.#command = undefined
    const server = this.#server
    for (const client of this.#clients) client.destroy()
    if (server?.listening === true) await new Promise((resolve) => server.close(resolve))
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }

  #serve(socket: Socket): void {
    this.#clients.add(socket)
    socket.once('close', () => this.#clients.delete(socket))
    // A client that leaves in the middle has nothing more to hear.
    socket.on('error', () => socket.destroy())
    const reader = createMessageReader()
    socket.on('data', (bytes: Buffer) => {
      // Nothing more is read before what was read is answered: the client waits, and not our memory.
      socket.pause()
      this.#answerAll(socket, () => reader.push(bytes))
        .catch((error: unknown) => {
          this.#options.logger.info('A client of the git key was cut off', { error: toError(error).message })
          socket.destroy()
        })
        .finally(() => socket.resume())
    })
  }

  /** In the order of the questions, one at a time, as long as the client is there to hear. */
  async #answerAll(socket: Socket, read: () => readonly Buffer[]): Promise<void> {
    for (const request of read()) {
      if (!socket.writable) return
      await this.#answer(socket, request)
    }
  }

  async #answer(socket: Socket, request: Buffer): Promise<void> {
    const { fetchKey, usersOwnAgent, logger } = this.#options
    const answer = await answerMessage(request, {
      getKey: async () => parseKey(await fetchKey()),
      ...(usersOwnAgent !== undefined && {
        askUsersOwn: (question: Buffer) => askUsersOwnAgent(usersOwnAgent, question),
      }),
      onFailure: (error) => {
        logger.warn('A key for git could not be used', { error: toError(error).message })
      },
    })
    if (socket.writable && !socket.write(answer)) await untilWritable(socket)
  }
}

/** Until the client has read what it was sent, or is gone. */
function untilWritable(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
}

async function parseKey({ private_key: text }: AgentGitSSHKey): Promise<ParsedKey> {
  const { utils } = (await import('ssh2')).default
  const parsed: ParsedKey | Error = utils.parseKey(text)
  if (parsed instanceof Error) throw parsed
  return parsed
}

/**
 * The first value of an option counts (ssh_config(5)): what the user configured for a host stays, and `-F` leaves out both
 * usual files unless they are named. Key files of the user are tried as well, after the key of ours.
 */
function sshConfig(socketPath: string): string {
  return [
    'Include ~/.ssh/config',
    'Host *',
    `  IdentityAgent "${socketPath.replaceAll('%', '%%')}"`,
    'Include /etc/ssh/ssh_config',
    '',
  ].join('\n')
}
