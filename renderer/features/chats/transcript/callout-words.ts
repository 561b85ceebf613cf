import type { ChatError } from '#bridge/contract/chats'
import { oneLine } from './hostile-text.ts'

interface CalloutWords {
  readonly title: string
  /** What to do. */
  readonly advice: string
}

const words: Readonly<Record<string, CalloutWords>> = {
  overloaded: {
    title: 'The model’s service is overloaded',
    advice: 'Send a message to go on, or choose another model.',
  },
  rate_limit: {
    title: 'The provider takes no more requests for now',
    advice: 'Wait a minute and send a message to go on, or choose another model.',
  },
  timeout: {
    title: 'The model did not answer in time',
    advice: 'Send a message to try again.',
  },
  stream_silence_timeout: {
    title: 'The answer stalled',
    advice: 'Send a message to go on from what was said.',
  },
  auth: {
    title: 'The provider refused the key',
    advice: 'Ask an administrator to look at the provider’s key, or set your own in the settings.',
  },
  config: {
    title: 'The model is not set up right',
    advice: 'Choose another model, or ask an administrator to look at this one.',
  },
  usage_limit: {
    title: 'The usage limit is reached',
    advice: 'It starts anew with the next period. An administrator can raise it.',
  },
  missing_key: {
    title: 'A key for this provider is missing',
    advice: 'Set your key in the settings, or choose another model.',
  },
  provider_disabled: {
    title: 'This provider is switched off',
    advice: 'Choose a model of another provider.',
  },
  content_filter: {
    title: 'The provider’s filter stopped the answer',
    advice: 'Say it in other words, or edit the last message.',
  },
  hook_denied: {
    title: 'A rule of this deployment stopped the answer',
    advice: 'Its words are below. An administrator can change the rule.',
  },
  hook_dispatch_failed: {
    title: 'A rule of this deployment could not be asked',
    advice: 'Send a message to try again.',
  },
  interrupted: { title: 'Stopped', advice: 'Send a message to go on.' },
}
const others: CalloutWords = {
  title: 'The turn failed',
  advice: 'Send a message to try again.',
}
const sameKinds: Readonly<Record<string, string>> = {
  startup_timeout: 'stream_silence_timeout',
  canceled: 'interrupted',
  cancelled: 'interrupted',
}

/** Why a turn ended or is tried again, in words, with what to do. */
export function calloutWords(kind: string | undefined): CalloutWords {
  return knownCallout(kind) ?? others
}

/** The words of a kind of end that we know. */
export function knownCallout(kind: string | undefined): CalloutWords | undefined {
  const given = kind ?? ''
  const name = Object.hasOwn(sameKinds, given) ? (sameKinds[given] ?? given) : given
  return Object.hasOwn(words, name) ? words[name] : undefined
}

/** The technical rest: provider, status and kind, where they are known. */
export function calloutFacts(error: Pick<ChatError, 'provider' | 'status_code' | 'kind'>): string {
  return [
    error.provider === undefined || error.provider === '' ? undefined : oneLine(error.provider, 60),
    error.status_code === undefined || error.status_code === 0 ? undefined : `HTTP ${error.status_code}`,
  ]
    .filter((fact) => fact !== undefined)
    .join(' · ')
}
