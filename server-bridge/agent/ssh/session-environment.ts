import { ourOwnVariables } from '../shell-command.ts'

/** Coder's agent reads these and does not pass them on (stable-api, "The agent's SSH server"). */
const sessionTypeVariable = 'CODER_SSH_SESSION_TYPE'
const containerVariables = new Set(['CODER_CONTAINER', 'CODER_CONTAINER_USER'])

/** Together no more than Linux takes for one argument: more could not be handed to a program. */
const maxBytes = 128 * 1024

/** What a client asked to be set in its session, by `env` requests. */
export class SessionEnvironment {
  readonly #variables = new Map<string, string>()
  #bytes = 0
  #wantsContainer = false

  /** The client asked for a container, of which a local workspace has none. */
  get wantsContainer(): boolean {
    return this.#wantsContainer
  }

  /** For the process, over what the workspace sets itself. */
  get variables(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#variables)
  }

  /** Takes one request; answers whether it was granted. */
  set(name: string, value: string): boolean {
    if (name === sessionTypeVariable) return true
    if (containerVariables.has(name)) {
      this.#wantsContainer ||= value !== ''
      return true
    }
    if (name === '' || /[=\0]/.test(name) || value.includes('\0')) return false
    if (ourOwnVariables.has(name) || isLoaderVariable(name)) return false
    const size = Buffer.byteLength(name) + Buffer.byteLength(value) + 2
    if (this.#bytes + size > maxBytes) return false
    this.#bytes += size
    this.#variables.set(name, value)
    return true
  }
}

/**
 * The dynamic loader reads these before the first line of the login shell runs. A client that means them can export
 * them in its command; a wide `SendEnv` must not swap the libraries of every shell by accident.
 */
function isLoaderVariable(name: string): boolean {
  return /^(?:LD|DYLD)_/.test(name)
}
