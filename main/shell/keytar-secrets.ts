/** The OS keychain by keytar. Loaded at first use: it is a native addon, and the first window need not wait for it. */
import type KeytarModule from 'keytar'
import { SecretsError, type Secrets, type SecretsProbe } from '../ports/secrets.ts'
import { probeSecretService } from './secret-service.ts'
import { withTimeout } from './with-timeout.ts'

const service = 'Outpost'
const probeAccount = 'keychain-check'
/** A stuck keychain must not hold the app up; a prompt of the system may take its user a while. */
const callTimeoutMs = 10_000
const promptTimeoutMs = 120_000

type Keytar = Pick<typeof KeytarModule, 'getPassword' | 'setPassword' | 'deletePassword'>

export interface KeytarSecrets extends Secrets {
  /** A call has not come back, since the system waits for its user: its thread would keep the process from ending. */
  isBusy(): boolean
}

export function createKeytarSecrets(input: {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Tests bring one of their own. */
  readonly load?: () => Promise<Keytar>
}): KeytarSecrets {
  let loading: Promise<Keytar> | undefined
  // CommonJS seen from ESM: its exports are the default one.
  const loadKeytar = input.load ?? (async () => (await import('keytar')).default)
  const load = async (): Promise<Keytar> => await (loading ??= loadKeytar())
  let underWay = 0

  /** Linux tells a locked keychain only by asking; elsewhere the call itself reports it. */
  const look = async (): Promise<SecretsProbe> =>
    input.platform === 'linux'
      ? await probeSecretService(input.environment)
      : { kind: 'works', backend: backend() }
  const backend = () => (input.platform === 'darwin' ? 'macOS Keychain' : 'Windows Credential Manager')

  const requireOpen = async () => {
    const state = await look()
    if (state.kind === 'locked')
      throw new SecretsError('locked', `${state.backend} is locked. Unlock it and try again.`)
    if (state.kind === 'absent') throw new SecretsError('absent', state.reason)
  }

  const run = async <T>(call: (keytar: Keytar) => Promise<T>, timeoutMs = callTimeoutMs): Promise<T> => {
    underWay += 1
    const done = load()
      .then(call)
      .finally(() => {
        underWay -= 1
      })
    try {
      return await withTimeout(done, timeoutMs, 'The system keychain')
    } catch (error) {
      throw asSecretsError(error)
    }
  }

  const probe = async (): Promise<SecretsProbe> => {
    const state = await look()
    if (state.kind !== 'works') return state
    try {
      await roundTrip(run)
      return state
    } catch (error) {
      const failure = asSecretsError(error)
      if (failure.code === 'locked') return { kind: 'locked', backend: state.backend }
      return { kind: 'absent', reason: failure.message }
    }
  }

  return {
    isBusy: () => underWay > 0,
    get: async (account) => {
      await requireOpen()
      return await run(async (keytar) => await keytar.getPassword(service, account))
    },
    set: async (account, value) => {
      await requireOpen()
      await run(async (keytar) => {
        await keytar.setPassword(service, account, value)
      })
    },
    delete: async (account) => {
      await requireOpen()
      await run(async (keytar) => await keytar.deletePassword(service, account))
    },
    probe,
    unlock: async () => {
      const state = await look()
      if (state.kind !== 'locked') return await probe()
      try {
        // A write makes the keychain raise its own prompt where there is a display.
        await run(async (keytar) => {
          await keytar.setPassword(service, probeAccount, 'unlock')
        }, promptTimeoutMs)
      } catch (error) {
        // Dismissed or impossible: the state below says so.
        if (asSecretsError(error).code !== 'locked') throw error
      }
      return await probe()
    },
  }
}

/** Writes, reads and removes a value, so that "works" has been seen and not guessed. */
async function roundTrip(run: <T>(call: (keytar: Keytar) => Promise<T>) => Promise<T>): Promise<void> {
  const value = crypto.randomUUID()
  await run(async (keytar) => {
    await keytar.setPassword(service, probeAccount, value)
  })
  const read = await run(async (keytar) => await keytar.getPassword(service, probeAccount))
  await run(async (keytar) => await keytar.deletePassword(service, probeAccount))
  if (read !== value)
    throw new SecretsError('failed', 'The system keychain did not give back what was stored in it.')
}

/** Backends report a locked or dismissed keychain in words only (libsecret, macOS -25308 and -128). */
function asSecretsError(error: unknown): SecretsError {
  if (error instanceof SecretsError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (/locked|dismissed|user interaction is not allowed|canceled/i.test(message)) {
    return new SecretsError('locked', 'The system keychain is locked. Unlock it and try again.', {
      cause: error,
    })
  }
  return new SecretsError('failed', `The system keychain failed: ${message}`, { cause: error })
}
