import type { ServerChannel, Session } from 'ssh2'
import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import type { PtySize } from '../pty-process.ts'
import { createShellCommand, workingDirectory, type WorkspaceSurroundings } from '../shell-command.ts'
import { clampSide } from '../terminal-size.ts'
import { SessionEnvironment } from './session-environment.ts'
import { runOnPipes, runOnTerminal, type ProcessPlace, type SessionProcess } from './session-process.ts'
import { serveSftp, type SftpServer } from './sftp/sftp-server.ts'

/** Coder's agent answers this where a session could not be set up. */
const setUpFailedStatus = 229
const unknownSubsystemStatus = 1
const defaultSize = { cols: 80, rows: 24 }

export interface SessionContext extends ProcessPlace {
  readonly logger: Logger
  readonly surroundings: WorkspaceSurroundings
  readonly readGreeting: (surroundings: WorkspaceSurroundings) => Promise<Buffer>
  /** The client's name for itself, as in its greeting. */
  readonly clientSoftware: string
  /** The connection has ended. */
  isEnded(): boolean
  /** Runs when the connection ends; the answered function forgets it. */
  onConnectionEnd(run: () => void): () => void
}

/** ssh2 hands over neither where the client wants no reply. */
type Reply = (() => void) | undefined

/** Serves one session channel: its requests before the start, then a shell, a command or SFTP. */
export function serveSession(session: Session, context: SessionContext): void {
  const environment = new SessionEnvironment()
  let terminal: ({ readonly term: string } & PtySize) | undefined
  let channel: ServerChannel | undefined
  let running: SessionProcess | undefined
  let files: SftpServer | undefined
  let isGone = false

  session.on('env', (accept: Reply, reject: Reply, { key, val }) => {
    const reply = environment.set(key, val) ? accept : reject
    reply?.()
  })
  session.on('pty', (accept: Reply, _reject, { term, cols, rows }) => {
    terminal = { term, ...readSize({ cols, rows }) }
    accept?.()
  })
  session.on('window-change', (_accept, _reject, size) => {
    if (terminal !== undefined) terminal = { ...terminal, ...readSize(size) }
    running?.resize(readSize(size))
  })
  session.on('signal', (accept: Reply, _reject, { name }) => {
    running?.signal(name)
    accept?.()
  })
  session.on('shell', (accept) => {
    start(accept(), '')
  })
  session.on('exec', (accept, _reject, { command }) => {
    start(accept(), command)
  })
  // Without a listener for `sftp` the subsystem comes as a plain channel: ssh2's own SFTP parser has no back-pressure.
  session.on('subsystem', (accept, _reject, { name }) => {
    startSubsystem(accept(), name)
  })
  session.on('eof', () => {
    if (channel !== undefined) acceptRequestsAfterEof(session)
  })
  const forget = context.onConnectionEnd(release)
  session.on('close', release)

  function release(): void {
    isGone = true
    forget()
    running?.release()
    files?.release()
  }

  /** The channel was accepted already: ssh2 drops input that comes before. */
  function start(opened: ServerChannel, command: string): void {
    channel = opened
    run(opened, command)
      .catch((error: unknown) => {
        const reason = toError(error).message
        context.logger.info('A session could not be set up', { error: reason })
        opened.stderr.write(`The session could not be started: ${reason}\n`)
        opened.resume()
        return setUpFailedStatus
      })
      .then((status) => finish(opened, status))
      .catch((error: unknown) => {
        context.logger.warn('A session did not end in order', { error: String(error) })
      })
  }

  async function run(opened: ServerChannel, text: string): Promise<number> {
    if (environment.wantsContainer) throw new Error('A local workspace has no containers.')
    const command = createShellCommand(context.surroundings, text)
    const env = { ...command.env, ...environment.variables, ...connectionVariables }
    if (terminal !== undefined && text === '') opened.write(await context.readGreeting(context.surroundings))
    running =
      terminal === undefined
        ? await runOnPipes(opened, { ...command, env }, context)
        : await runOnTerminal(opened, { ...command, env, ...terminal }, context)
    // The window may have changed while the program started.
    if (terminal !== undefined) running.resize(terminal)
    if (isGone) running.release()
    return running.ended
  }

  function startSubsystem(opened: ServerChannel, name: string): void {
    channel = opened
    if (name !== 'sftp') {
      opened.resume()
      finish(opened, unknownSubsystemStatus)
      return
    }
    files = serveSftp(opened, {
      directory: workingDirectory(context.surroundings),
      homeDirectory: context.surroundings.environment['HOME'] ?? context.surroundings.homeDir,
      linkComesFirst: ordersSymlinkAsDrafted(context.clientSoftware),
      load: context.load,
      logger: context.logger,
      onEnd: (status) => finish(opened, status),
    })
  }
}

/** Never the signal's own message: Coder's agent has only numbers (stable-api, "The agent's SSH server"). */
function finish(channel: ServerChannel, status: number): void {
  channel.exit(status)
  channel.eof()
  channel.close()
}

/** The server is on loopback and passes no port of its client on. */
const connectionVariables = {
  SSH_CLIENT: '127.0.0.1 0 22',
  SSH_CONNECTION: '127.0.0.1 0 127.0.0.1 22',
} as const

function readSize({ cols, rows }: PtySize): PtySize {
  // 0 stands for "unknown" (RFC 4254, 6.2).
  return { cols: clampSide(cols || defaultSize.cols), rows: clampSide(rows || defaultSize.rows) }
}

/**
 * ssh2 refuses every request after the client's end of input, where RFC 4254 (5.3) keeps the channel open: a signal or
 * a new window size must still come through.
 */
function acceptRequestsAfterEof(session: Session): void {
  Object.assign(session, { _ending: false })
}

/**
 * The draft of SFTP puts the link before its target; OpenSSH's client and server have it the other way round, and so
 * does nearly everybody. ssh2's client follows the draft unless the server calls itself OpenSSH.
 */
function ordersSymlinkAsDrafted(clientSoftware: string): boolean {
  return clientSoftware.startsWith('ssh2js')
}
