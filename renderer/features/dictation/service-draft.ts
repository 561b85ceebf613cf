import { create } from 'zustand'
import type { DictationService, DictationServiceInput } from '#ipc/dictation'

/** What is typed in the form of the service. */
export interface ServiceDraft {
  readonly address: string
  readonly model: string
  readonly language: string
  /** Typed now; a stored one never comes here. */
  readonly key: string
  /** The stored key is to go. */
  readonly dropsKey: boolean
}

/** Typed and not saved, so that a look at another page loses nothing. In memory alone: a key may be in it. */
export const useTypedService = create<{ readonly typed: ServiceDraft | undefined }>(() => ({
  typed: undefined,
}))

/** Until something is typed. */
export function draftOf(service: DictationService | null): ServiceDraft {
  const { address = '', model = 'whisper-1', language = '' } = service ?? {}
  return { address, model, language, key: '', dropsKey: false }
}

/** Whether the stored key is for the address that is typed: it goes to no other. */
export function keepsKey(draft: ServiceDraft, service: DictationService | null): boolean {
  if (service?.hasKey !== true || draft.dropsKey) return false
  const origin = urlOf(draft.address)?.origin
  return origin !== undefined && origin === urlOf(service.address)?.origin
}

/** What is saved and tested. */
export function inputOf(draft: ServiceDraft, service: DictationService | null): DictationServiceInput {
  const { address, model, language, key } = draft
  const text = { address: address.trim(), model: model.trim(), language: language.trim().toLowerCase() }
  if (key.trim() !== '') return { ...text, key: { kind: 'new', value: key.trim() } }
  return { ...text, key: { kind: keepsKey(draft, service) ? 'kept' : 'none' } }
}

/** Whether what is said would cross the network readable. */
export function isReadableOnTheWay({ address }: ServiceDraft): boolean {
  const url = urlOf(address)
  return url?.protocol === 'http:' && !isThisComputer(url.hostname)
}

/** What main makes of an address: HTTPS, but HTTP on this computer. */
function urlOf(typed: string): URL | undefined {
  const text = typed.trim()
  if (/^https?:\/\//i.test(text)) return parse(text)
  const secure = parse(`https://${text}`)
  return secure !== undefined && isThisComputer(secure.hostname) ? parse(`http://${text}`) : secure
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function isThisComputer(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname)
}
