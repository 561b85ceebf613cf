import { spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import {
  type DesktopAction,
  type DesktopActionAnswer,
  desktopScreen,
} from '../../contract/desktop-actions.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import type { AgentPlace } from '../left-folders.ts'
import type { ProcessTree } from '../process-tree.ts'
import { RouteError } from '../route-error.ts'
import { workingDirectory, workspaceEnvironment, type WorkspaceSurroundings } from '../shell-command.ts'
import { type DisplayServer, startDisplayServer } from './display-server.ts'
import { createDesktopActions } from './desktop-actions.ts'
import { createDesktopRecordings } from './desktop-recordings.ts'
import { findProgram } from './find-program.ts'

/** TigerVNC's, by its own name and the one that distributions link to it. */
const displayPrograms = ['Xtigervnc', 'Xvnc']

/** A plain window manager, else the start of a usual desktop's, else at least a terminal to begin from. */
const windowPrograms = [
  ...['openbox', 'fluxbox', 'icewm', 'jwm', 'fvwm3', 'fvwm', 'xfwm4', 'marco', 'metacity', 'twm'],
  ...['x-terminal-emulator', 'xterm'],
]

const UNAVAILABLE = 501
const TOO_MANY = 429
const FAILED = 500
/** Each holds a picture of the screen in the server's memory. */
const MAX_VIEWERS = 8

export interface VirtualDesktop {
  /** What shells and commands are told so that their windows show there; empty before it was started. */
  readonly variables: Readonly<Record<string, string>>
  /** Starts it, unless it runs. @throws {RouteError} 501 where no program for it is installed, in words */
  start(surroundings: WorkspaceSurroundings): Promise<void>
  /** A connection to its screen by the RFB protocol; starts it first. @throws {RouteError} */
  connect(surroundings: WorkspaceSurroundings): Promise<Socket>
  /** Does what a model wants done there, and answers how it looks then; starts it first. @throws {RouteError} */
  act(surroundings: WorkspaceSurroundings, wanted: WantedAction): Promise<DesktopActionAnswer>
  /** The film of what a chat did there; undefined: there is none. */
  takeRecording(chatId: string): Promise<Buffer | undefined>
  /** Ends it with all its windows. Nothing starts after. */
  close(): Promise<void>
}

export interface WantedAction {
  readonly chatId: string
  readonly action: DesktopAction
  readonly signal: AbortSignal
}

export interface VirtualDesktopOptions {
  readonly place: AgentPlace & { readonly agentName: string }
  readonly clock: Clock
  readonly logger: Logger
  readonly processTree: Pick<ProcessTree, 'end'>
}

/** One for each agent, from the first use until the agent ends. One that broke is started again by the next use. */
export function createVirtualDesktop({
  place,
  clock,
  logger,
  processTree,
}: VirtualDesktopOptions): VirtualDesktop {
  let starting: Promise<DisplayServer> | undefined
  let running: DisplayServer | undefined
  const closing = new AbortController()
  const viewers = new Set<Socket>()

  const launch = async (surroundings: WorkspaceSurroundings): Promise<DisplayServer> => {
    // The owner's secrets are for shells; whatever shows windows here is used by models, too.
    const manifest = { ...surroundings.manifest, secrets: [] }
    const bare = { ...surroundings, manifest, display: undefined }
    const env = workspaceEnvironment(bare)
    const searchPath = env['PATH'] ?? ''
    const program = findProgram(displayPrograms, searchPath)
    if (program === undefined) throw new RouteError(UNAVAILABLE, WHAT_TO_INSTALL)
    const cwd = workingDirectory(bare)
    const server = await startDisplayServer({
      ...{ program, cwd, env, place, clock, signal: closing.signal },
      name: manifest.workspace_name,
    }).catch((error: unknown) => {
      throw new RouteError(FAILED, toError(error).message)
    })
    running = server
    void server.ended.then(() => {
      if (running !== server) return
      running = undefined
      starting = undefined
    })
    const windows = findProgram(windowPrograms, searchPath)
    if (windows !== undefined) openWindows(windows, { cwd, env: { ...env, ...server.variables } })
    return server
  }

  const openWindows = (file: string, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) => {
    const child = spawn(file, [], { ...options, detached: process.platform !== 'win32', stdio: 'ignore' })
    child.on('error', (error) => {
      logger.warn('The windows of the virtual desktop could not be opened', { file, error: error.message })
    })
  }

  const start = (surroundings: WorkspaceSurroundings): Promise<DisplayServer> => {
    if (closing.signal.aborted)
      return Promise.reject(new RouteError(FAILED, 'The workspace is being stopped.'))
    starting ??= launch(surroundings).catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }

  /** The one connection that acts for models takes no viewer's place. */
  const actions = createDesktopActions({
    clock,
    async connect() {
      if (running === undefined) throw new RouteError(FAILED, 'The virtual desktop has ended.')
      const socket = connect({ path: running.socketPath })
      await connected(socket)
      return socket
    },
  })

  const recordings = createDesktopRecordings({ place, clock, logger })

  return {
    get variables() {
      return running?.variables ?? {}
    },
    async start(surroundings) {
      await start(surroundings)
    },
    async connect(surroundings) {
      const { socketPath } = await start(surroundings)
      if (viewers.size >= MAX_VIEWERS)
        throw new RouteError(TOO_MANY, `${MAX_VIEWERS} viewers look at the desktop already. Close one first.`)
      const socket = connect({ path: socketPath, allowHalfOpen: true })
      // Before it is there: others ask meanwhile.
      viewers.add(socket)
      socket.once('close', () => viewers.delete(socket))
      await connected(socket)
      return socket
    },
    async act(surroundings, { chatId, action, signal }) {
      const server = await start(surroundings)
      const bare = { ...surroundings, manifest: { ...surroundings.manifest, secrets: [] } }
      recordings.begin(chatId, {
        ...desktopScreen,
        cwd: workingDirectory(bare),
        env: { ...workspaceEnvironment({ ...bare, display: undefined }), ...server.variables },
      })
      return actions.run(action, signal)
    },
    takeRecording: (chatId) => recordings.take(chatId),
    async close() {
      closing.abort()
      actions.close()
      await recordings.close()
      const server = await starting?.catch(() => undefined)
      for (const viewer of viewers) viewer.destroy()
      if (server?.child.pid === undefined) return
      // Asked first: it takes its lock and its socket for programs along.
      await processTree.end([server.child.pid], 'SIGTERM')
      await server.ended
    },
  }
}

const WHAT_TO_INSTALL =
  'The workspace has no program for a virtual desktop. Install TigerVNC, which is the package tigervnc-standalone-server on Debian and Ubuntu, and a window manager such as openbox, on the machine of the workspace or by its template.'

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new RouteError(FAILED, `The virtual desktop does not answer: ${error.message}`))
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      resolve()
    })
  })
}
