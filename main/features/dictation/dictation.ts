/** Who writes out what is said: what the user set, the key of it, and the way there. */
import { z } from 'zod'
import type { DictationService, DictationServiceInput } from '#ipc/dictation'
import { requireSaved } from '../../lib/data-file.ts'
import type { LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { Desktop } from '../../ports/desktop.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { Keychain } from '../keychain/keychain.ts'
import type { SavedDictation } from './dictation-file.ts'
import { staysHere, transcriptionsUrl } from './service-address.ts'
import { silence } from './silence.ts'
import type { Transcribe } from './transcribe.ts'

/** The keychain account of the service's key. */
export const dictationKeyAccount = 'dictation/service-key'

/** With the origin it was entered for: it goes to no other. */
const keptKeySchema = z.strictObject({ origin: z.string(), key: z.string() })

export interface Dictation {
  readonly saved: LiveValue<SavedDictation>
  /** @throws {ProcedureError} */
  save(input: DictationServiceInput): Promise<void>
  /** @throws {ProcedureError} */
  turnOff(): Promise<void>
  /** How long a second of silence took. @throws {ProcedureError} */
  test(input: DictationServiceInput, signal: AbortSignal): Promise<{ milliseconds: number }>
  /** @throws {ProcedureError} `not_set_up`, and what the service says. */
  transcribe(wav: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<string>
}

export interface DictationDeps {
  readonly file: VersionedFile<SavedDictation>
  readonly keychain: Pick<Keychain, 'get' | 'set' | 'delete'>
  readonly desktop: Pick<Desktop, 'ask'>
  readonly send: Transcribe
  readonly now: () => number
}

export function createDictation({ file, keychain, desktop, send, now }: DictationDeps): Dictation {
  const keptKey = async (origin: string): Promise<string | undefined> => {
    const stored = await inKeychain(() => keychain.get(dictationKeyAccount))
    if (stored === null) return undefined
    const kept = keptKeySchema.parse(JSON.parse(stored))
    return kept.origin === origin ? kept.key : undefined
  }
  /** The key a service is asked with. A stored one that belongs elsewhere has to be entered anew. */
  const keyFor = async ({ key }: DictationServiceInput, url: URL): Promise<string | undefined> => {
    if (key.kind === 'new') return key.value
    if (key.kind === 'none') return undefined
    const kept = await keptKey(url.origin)
    if (kept === undefined)
      throw new ProcedureError(
        'key_needed',
        `There is no saved key for ${url.host}. Enter its key, or take the key away in the settings of dictation.`,
      )
    return kept
  }
  const confirmed = async (url: URL): Promise<boolean> => {
    const { service } = file.value.get()
    if (staysHere(url) || (service !== null && transcriptionsUrl(service.address).origin === url.origin))
      return true
    const answer = await desktop.ask({
      message: `Send what you dictate to ${url.host}?`,
      detail:
        url.protocol === 'https:'
          ? 'Outpost sends each recording there to have it written out. Who runs that service can listen to it.'
          : 'Outpost sends each recording there to have it written out. Who runs that service can listen to it, and so can everybody on the way, because the address is not encrypted (http).',
      buttons: ['Send it there', 'Cancel'],
      cancel: 1,
    })
    return answer === 0
  }
  /** A key that is not wanted any more goes with what it was for. */
  const replace = async (service: DictationService | null): Promise<void> => {
    const had = file.value.get().service?.hasKey === true
    await requireSaved(file.update(() => ({ service })))
    if (had && service?.hasKey !== true) await inKeychain(() => keychain.delete(dictationKeyAccount))
  }
  return {
    saved: file.value,
    async save(input) {
      const url = transcriptionsUrl(input.address)
      const key = await keyFor(input, url)
      if (!(await confirmed(url)))
        throw new ProcedureError('not_confirmed', 'Nothing was saved: the address was not confirmed.')
      if (input.key.kind === 'new' && key !== undefined) {
        const kept = JSON.stringify({ origin: url.origin, key })
        await inKeychain(() => keychain.set(dictationKeyAccount, kept))
      }
      const { address, model, language } = input
      const service: DictationService = { address, model, language, hasKey: key !== undefined }
      await replace(service)
    },
    turnOff: () => replace(null),
    async test(input, signal) {
      const url = transcriptionsUrl(input.address)
      const key = await keyFor(input, url)
      const began = now()
      const { model, language } = input
      await send({ url, model, language, key, wav: silence() }, signal)
      return { milliseconds: now() - began }
    },
    async transcribe(wav, signal) {
      const { service } = file.value.get()
      if (service === null) throw notSetUp()
      const url = transcriptionsUrl(service.address)
      const key = service.hasKey ? await keyFor({ ...service, key: { kind: 'kept' } }, url) : undefined
      const { model, language } = service
      return send({ url, model, language, key, wav }, signal)
    },
  }
}

export function notSetUp(): ProcedureError {
  return new ProcedureError('not_set_up', 'Dictation is not set up. Choose a service in the settings.')
}

/** Work on the keychain. @throws {ProcedureError} `keychain_locked`, `keychain_absent` */
async function inKeychain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof SecretsError)) throw thrown
    const code = thrown.code === 'locked' ? 'keychain_locked' : 'keychain_absent'
    throw new ProcedureError(code, thrown.message, { cause: thrown })
  }
}
