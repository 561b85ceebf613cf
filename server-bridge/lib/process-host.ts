/**
 * How our own processes are started. `utilityProcess` stands behind it in Electron, `child_process` under plain Node,
 * and a message to the parent inside the local server, since a utility process cannot fork another.
 */
export type ProcessEntry = 'serve' | 'bridge' | 'agent'

export interface HostedProcess {
  /** `undefined` until the process runs. */
  readonly pid: number | undefined
  post(message: unknown): void
  /** Asks the process to end at once (SIGTERM where there are signals). */
  kill(): void
  /** Listeners return the function that removes them. */
  onMessage(listener: (message: unknown) => void): () => void
  /** Called once, also when the process could not be started (`exitCode` null). */
  onExit(listener: (exitCode: number | null) => void): () => void
}

export interface ProcessHost {
  /** Starts an entry with a clean environment allow-list and no arguments. */
  spawn(entry: ProcessEntry): HostedProcess
}

/** The child's end: what an entry sees of whoever started it. */
export interface ParentPort {
  post(message: unknown): void
  onMessage(listener: (message: unknown, ports: readonly unknown[]) => void): () => void
  /** The parent is gone for good. Not every host can tell; a utility process is ended instead. */
  onClose(listener: () => void): () => void
}
