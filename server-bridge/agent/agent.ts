import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { arch, platform } from 'node:os'
import type { Socket } from 'node:net'
import type { Duplex, Writable } from 'node:stream'
import { agentLogSourceId, type AgentManifest } from '../contract/agent-link.ts'
import type { AgentGitSSHKey } from '../contract/agent-runtime.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { toError } from '../lib/to-error.ts'
import { AppHealth, probeApp } from './app-health.ts'
import { createVirtualDesktop, type VirtualDesktop } from './desktop/virtual-desktop.ts'
import { EventOutbox } from './event-outbox.ts'
import { GitSsh } from './git-key/git-ssh.ts'
import { removeLeftFolders, type AgentPlace } from './left-folders.ts'
import { listListeningPorts, type ListeningPort } from './listening-ports.ts'
import { readMessageOfTheDay } from './message-of-the-day.ts'
import { Metadata } from './metadata.ts'
import { listMembers } from './process-list.ts'
import { createProcessTree, type ProcessTree } from './process-tree.ts'
import { Scripts } from './scripts.ts'
import { writeSecretFiles } from './secret-files.ts'
import {
  agentInstanceVariable,
  createShellCommand,
  expandDirectory,
  prepareDirectory,
  workspaceFolderVariable,
  type WorkspaceSurroundings,
} from './shell-command.ts'
import { SshServer } from './ssh/ssh-server.ts'
import { createToolProcesses } from './tools/tool-processes.ts'
import { type AnswerTool, createToolRoutes } from './tools/tool-routes.ts'
import type { Terminal } from './terminal.ts'
import { Terminals, type OpenTerminalRequest, type TerminalSummary } from './terminals.ts'
import { Usage, type UsageSession } from './usage.ts'

/** `homeDir` is absolute. An agent without a name takes back what any agent of the workspace left, and serves nothing. */
export interface AgentOptions extends AgentPlace {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly version: string
  readonly clock: Clock
  readonly logger: Logger
  /** The owner's git key, asked for whenever it is used. */
  readonly fetchGitKey: () => Promise<AgentGitSSHKey>
}

/** No manifest has arrived yet, so there is no workspace to open a shell in. */
export class NoManifestError extends Error {
  constructor() {
    super('The workspace is not set up yet. Try again in a moment.')
    this.name = 'NoManifestError'
  }
}

/** One workspace: its terminals, its scripts and what it has to report. Independent of the link's ups and downs. */
export class Agent {
  readonly #options: AgentOptions
  readonly #outbox: EventOutbox
  readonly #processTree: ProcessTree
  readonly #terminals: Terminals
  readonly #scripts: Scripts
  readonly #metadata: Metadata
  readonly #appHealth: AppHealth
  /** Every session of a person or program is counted here. */
  readonly usage: Usage
  /** What chats do here. */
  readonly tools: AnswerTool
  readonly #ssh: SshServer
  readonly #gitSsh: GitSsh
  readonly #desktop: VirtualDesktop
  readonly #instanceId = randomUUID()
  #surroundings: WorkspaceSurroundings | undefined
  #ending: Promise<void> | undefined

  constructor(options: AgentOptions) {
    this.#options = options
    const { clock, logger, homeDir, agentName } = options
    this.#outbox = new EventOutbox(clock)
    this.#processTree = createProcessTree({ ...options, instanceId: this.#instanceId })
    const parts = { clock, outbox: this.#outbox, processTree: this.#processTree }
    this.#scripts = new Scripts(parts)
    this.#metadata = new Metadata(parts)
    this.#appHealth = new AppHealth({ ...parts, probe: probeApp })
    this.usage = new Usage(clock, this.#outbox)
    this.#gitSsh = new GitSsh({
      place: { homeDir, agentName: agentName ?? '' },
      logger,
      fetchKey: options.fetchGitKey,
      usersOwnAgent: options.environment['SSH_AUTH_SOCK'],
    })
    const readGreeting = (surroundings: WorkspaceSurroundings): Promise<Buffer> =>
      this.#readGreeting(surroundings)
    this.#ssh = new SshServer({ clock, logger, processTree: this.#processTree, readGreeting })
    this.#terminals = new Terminals({
      clock,
      logger,
      processTree: this.#processTree,
      createCommand: (command) => createShellCommand(this.#requireSurroundings(), command),
      readGreeting: () => readGreeting(this.#requireSurroundings()),
    })
    this.#desktop = createVirtualDesktop({
      place: { homeDir, agentName: agentName ?? '' },
      ...{ clock, logger, processTree: this.#processTree },
    })
    this.tools = createToolRoutes({
      processes: createToolProcesses(clock, this.#processTree),
      desktop: this.#desktop,
      surroundings: () => this.#requireSurroundings(),
    })
    this.#sayHello(homeDir)
  }

  /** Ends what a forerunner of the same name left behind when it was killed, so that nothing runs twice. */
  async prepare(): Promise<void> {
    mkdirSync(this.#options.homeDir, { recursive: true, mode: 0o700 })
    await this.#processTree.endLeftovers()
    // Somebody else's folder may have such a name: no reason to keep a workspace from starting.
    for (const error of await removeLeftFolders(this.#options)) {
      this.#warn(`What an agent that was killed left could not be removed: ${error.message}`)
    }
    if (this.#options.agentName === null) return
    // Without it git goes its usual ways.
    await this.#gitSsh.start().catch((error: unknown) => {
      this.#warn(`Git cannot use your SSH key here: ${toError(error).message}`)
    })
  }

  /** Takes what the server wants of the workspace. The scripts of one build start once, however often it is sent. */
  applyManifest(manifest: AgentManifest): void {
    if (this.#ending !== undefined) return
    const isNewBuild = manifest.build_id !== this.#surroundings?.manifest.build_id
    const { homeDir } = this.#options
    const environment = { ...this.#options.environment, [agentInstanceVariable]: this.#instanceId }
    // Secrets are those of the start: shells of one workspace must not differ by when the link was last lost.
    const secrets = isNewBuild ? manifest.secrets : this.#surroundings?.manifest.secrets
    const gitSshCommand = manifest.git_key === false ? undefined : this.#gitSsh.command
    this.#surroundings = { homeDir, environment, manifest: { ...manifest, secrets }, gitSshCommand }
    if (isNewBuild) this.#writeSecrets(manifest)
    this.#prepareDirectory(this.#surroundings)
    this.#sayHello(expandDirectory(this.#surroundings))
    if (!isNewBuild) return
    this.#scripts.start(this.#surroundings)
    this.#metadata.start(this.#surroundings)
    this.#appHealth.start(manifest.health_checks)
  }

  streamEvents(stream: Writable, afterSeq: number): void {
    this.#outbox.connect(stream, afterSeq)
  }

  /** @throws {NoManifestError} before the first manifest; see {@link Terminals.open} for the rest. */
  async openTerminal(request: OpenTerminalRequest): Promise<Terminal> {
    this.#requireSurroundings()
    return this.#terminals.open(request)
  }

  listTerminals(): Promise<TerminalSummary[]> {
    return this.#terminals.list()
  }

  /** Ends a shell with what runs in it. Answers whether there was one. */
  endTerminal(id: string): Promise<boolean> {
    return this.#terminals.end(id)
  }

  /** The TCP ports that processes of this workspace listen on. */
  async listListeningPorts(): Promise<ListeningPort[]> {
    return listListeningPorts(await listMembers(workspaceFolderVariable, this.#options.homeDir))
  }

  /**
   * Gets ready for one SSH connection; the answered function serves it on a stream until either ends.
   *
   * @throws {NoManifestError} before the first manifest.
   */
  prepareSsh(): (stream: Duplex, meter: UsageSession) => Promise<void> {
    const surroundings = this.#requireSurroundings()
    return (stream, meter) => this.#ssh.serve(stream, surroundings, meter)
  }

  /** A connection to the screen of the workspace's virtual desktop. @throws {NoManifestError}, {RouteError} */
  async openDesktop(): Promise<Socket> {
    return this.#desktop.connect(this.#requireSurroundings())
  }

  /** Stop scripts, then every process of the workspace; its last state is told before the event streams end. */
  async shutDown(): Promise<void> {
    this.#ending ??= this.#end(true)
    return this.#ending
  }

  /** Ends every process at once, for when there is nobody left to serve. */
  async abandon(): Promise<void> {
    // A shutdown under way goes on without its stop scripts: nobody would wait for them.
    this.#scripts.abandon()
    this.#ending ??= this.#end(false)
    return this.#ending
  }

  async #end(runStopScripts: boolean): Promise<void> {
    this.usage.close()
    this.#appHealth.stop()
    const measured = this.#metadata.stop()
    const lastState = runStopScripts ? await this.#scripts.stop(this.#surroundings) : 'off'
    await Promise.all([
      ...[measured, this.#scripts.cancel(), this.#terminals.close(), this.#ssh.close()],
      this.#desktop.close(),
    ])
    await this.#processTree.endAll()
    await this.#gitSsh.close()
    this.#outbox.setLifecycle(lastState)
    await this.#outbox.close()
  }

  #writeSecrets({ secrets = [] }: AgentManifest): void {
    for (const { message } of writeSecretFiles(this.#options.homeDir, secrets)) {
      this.#warn(message)
    }
  }

  /** A folder that cannot be made (a file has its name, say) must not keep the workspace from starting. */
  #prepareDirectory(surroundings: WorkspaceSurroundings): void {
    try {
      prepareDirectory(surroundings)
    } catch (error) {
      this.#warn(`The folder for shells could not be made: ${toError(error).message}`)
    }
  }

  /** For a new login shell on a terminal. A message that cannot be read keeps nobody out. */
  async #readGreeting(surroundings: WorkspaceSurroundings): Promise<Buffer> {
    try {
      return await readMessageOfTheDay(surroundings)
    } catch (error) {
      this.#warn(`The message of the day could not be read: ${toError(error).message}`)
      return Buffer.alloc(0)
    }
  }

  /** To the log of the workspace, where a person looks, and to our own. */
  #warn(message: string): void {
    this.#options.logger.warn(message)
    this.#outbox.log(agentLogSourceId, 'warn', message)
  }

  #sayHello(expandedDirectory: string): void {
    this.#outbox.setHello({
      type: 'hello',
      version: this.#options.version,
      operating_system: goOperatingSystems[platform()] ?? platform(),
      architecture: goArchitectures[arch()] ?? arch(),
      expanded_directory: expandedDirectory,
    })
  }

  #requireSurroundings(): WorkspaceSurroundings {
    if (this.#surroundings === undefined) throw new NoManifestError()
    return { ...this.#surroundings, display: this.#desktop.variables }
  }
}

/** Coder names systems and architectures as Go does. */
const goOperatingSystems: Readonly<Record<string, string>> = { win32: 'windows' }
const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }
