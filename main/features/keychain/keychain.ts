/**
 * Where secrets are kept: the OS keychain, or memory after the user agreed to it. Whoever needs a secret goes through
 * here, so that a keychain that locks later is seen by everybody at once.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { KeychainState } from '#ipc/keychain'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { SecretsError, type Secrets, type SecretsProbe } from '../../ports/secrets.ts'

export interface Keychain {
  readonly state: LiveValue<KeychainState>
  /** A missing entry is `null`. @throws {SecretsError} */
  get(account: string): Promise<string | null>
  /** @throws {SecretsError} */
  set(account: string, value: string): Promise<void>
  /** @throws {SecretsError} */
  delete(account: string): Promise<void>
  /** Looks at the keychain again without raising a prompt. */
  refresh(): Promise<void>
  /** Raises the system's prompt where there is one. Values held in memory move into a keychain that works now. */
  unlock(): Promise<KeychainState>
  /** The user agreed to keep secrets in memory until the app ends. Does nothing while the keychain works. */
  useMemory(): KeychainState
  /** Who brings together what entries of their own alone cannot: they are moved by it, not one by one. */
  moveMemoryBy(mover: (move: MemoryMove) => Promise<void>): void
}

/** The way of secrets from memory into a keychain that works now. */
export interface MemoryMove {
  /** `null`: deleted while memory stood in. */
  readonly memory: ReadonlyMap<string, string | null>
  readonly keychain: Pick<Secrets, 'get' | 'set' | 'delete'>
  /** Moves the other entries; the keychain takes over when it resolves. To be called last. @throws {SecretsError} */
  readonly moveOthers: (isMoved: (account: string) => boolean) => Promise<void>
}

const MEMORY_REASON = 'Secrets are kept in memory and are gone when Outpost is closed.'

/** Makes the keychain over its port. Its state is `checking` until `refresh`. */
export function createKeychain({ secrets, logger }: { secrets: Secrets; logger: Logger }): Keychain {
  const state = createLiveValue<KeychainState>({ kind: 'checking' })
  let memory: Map<string, string | null> | undefined
  /** Accounts changed in memory that the keychain does not know of. */
  const changed = new Set<string>()
  let moving: Promise<void> | undefined
  let mover = ({ moveOthers }: MemoryMove): Promise<void> => moveOthers(() => false)

  /** Takes over what the port found, unless the user chose memory and nothing better is there. */
  const settle = async (probe: SecretsProbe): Promise<KeychainState> => {
    if (memory !== undefined && probe.kind === 'works') await (moving ??= moveIntoKeychain(memory))
    // Looked at every few seconds: what depends on it starts over only when something is new.
    if (memory === undefined && !isDeepStrictEqual(probe, state.get())) state.set(probe)
    return state.get()
  }

  const moveIntoKeychain = async (values: Map<string, string | null>): Promise<void> => {
    /** Until nothing was changed meanwhile: what is in memory is the newer. */
    const moveOthers = async (isMoved: (account: string) => boolean): Promise<void> => {
      for (const account of changed) {
        changed.delete(account)
        if (isMoved(account)) continue
        const value = values.get(account) ?? null
        const moved = value === null ? secrets.delete(account) : secrets.set(account, value)
        await moved.catch((error: unknown) => {
          changed.add(account)
          throw error
        })
      }
      memory = undefined
    }
    try {
      await mover({ memory: values, keychain: secrets, moveOthers })
      logger.info('Secrets moved from memory into the keychain', { count: values.size })
    } finally {
      moving = undefined
    }
  }

  const look = async (ask: () => Promise<SecretsProbe>): Promise<KeychainState> => {
    try {
      return await settle(await ask())
    } catch (thrown) {
      logger.warn('The keychain could not be used', { err: toError(thrown) })
      return await settle(probeOf(thrown, backendOf(state.get())))
    }
  }

  /** Runs one call on the keychain; a failure that says something about its state becomes the state. */
  const run = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (thrown) {
      if (thrown instanceof SecretsError && thrown.code !== 'failed' && memory === undefined) {
        state.set(probeOf(thrown, backendOf(state.get())))
      }
      throw thrown
    }
  }

  const change = (values: Map<string, string | null>, account: string, value: string | null): void => {
    values.set(account, value)
    changed.add(account)
  }

  return {
    state,
    get: (account) =>
      memory === undefined ? run(() => secrets.get(account)) : Promise.resolve(memory.get(account) ?? null),
    async set(account, value) {
      if (memory === undefined) await run(() => secrets.set(account, value))
      else change(memory, account, value)
    },
    async delete(account) {
      if (memory === undefined) await run(() => secrets.delete(account))
      else change(memory, account, null)
    },
    async refresh() {
      await look(() => secrets.probe())
    },
    unlock: () => look(() => secrets.unlock()),
    useMemory() {
      const now = state.get()
      if (now.kind === 'works' || now.kind === 'memory') return now
      memory = new Map()
      changed.clear()
      state.set({ kind: 'memory', reason: MEMORY_REASON })
      logger.info('The user agreed to keep secrets in memory')
      return state.get()
    },
    moveMemoryBy(next) {
      mover = next
    },
  }
}

function probeOf(thrown: unknown, backend: string): SecretsProbe {
  if (thrown instanceof SecretsError && thrown.code === 'locked') return { kind: 'locked', backend }
  return { kind: 'absent', reason: toError(thrown).message }
}

function backendOf(state: KeychainState): string {
  return state.kind === 'works' || state.kind === 'locked' ? state.backend : 'The system keychain'
}
