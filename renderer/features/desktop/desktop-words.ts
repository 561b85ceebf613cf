import type { SessionState } from './desktop-session.ts'

export type DesktopAction = 'retry' | 'sign-in' | 'start-workspace'

export interface DesktopWords {
  readonly tone: 'busy' | 'info' | 'bad'
  readonly title: string
  readonly text?: string
  /** The next try by itself, epoch milliseconds. */
  readonly retryAt?: number
  readonly action?: { readonly what: DesktopAction; readonly label: string }
}

const startWorkspace = { what: 'start-workspace', label: 'Start the workspace' } as const
const tryAgain = { what: 'retry', label: 'Try again' } as const

/**
 * What stands in place of a desktop that does not show.
 *
 * @param canStart the workspace does not run, and the user may start it
 */
export function desktopWords(
  state: Exclude<SessionState, { kind: 'connected' }>,
  canStart: boolean,
): DesktopWords {
  switch (state.kind) {
    case 'connecting':
      return { tone: 'busy', title: 'Connecting to the desktop' }
    case 'bridge-lost':
      return { tone: 'busy', title: 'Connecting to the desktop', text: 'The desktop service is starting.' }
    case 'waiting':
      return {
        tone: 'busy',
        title: 'The connection to the desktop was lost',
        text: state.reason,
        retryAt: state.retryAt,
        action: tryAgain,
      }
    case 'ended':
      return {
        tone: 'info',
        title: 'The desktop has ended',
        text: 'Its programs have ended with it. A new one is empty.',
        action: { what: 'retry', label: 'Start a new desktop' },
      }
    case 'unreadable':
      return { tone: 'bad', title: 'The desktop cannot be shown', text: state.reason, action: tryAgain }
    case 'failed':
      return failedWords(state, canStart)
  }
}

function failedWords(
  { code, reason }: Extract<SessionState, { kind: 'failed' }>,
  canStart: boolean,
): DesktopWords {
  const title = 'The desktop is not available'
  switch (code) {
    case 'signed_out':
      return { tone: 'bad', title, text: reason, action: { what: 'sign-in', label: 'Sign in again' } }
    case 'unsupported':
      return {
        tone: 'bad',
        title,
        text: 'This deployment does not show desktops of chats.',
        action: tryAgain,
      }
    case 'no_deployment':
      return { tone: 'bad', title, text: reason, action: tryAgain }
    case 'refused':
      return { tone: 'bad', title, text: reason, action: canStart ? startWorkspace : tryAgain }
  }
}
