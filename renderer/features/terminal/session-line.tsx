import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Countdown } from '../../ui/time.tsx'
import type { SessionAction, SessionWords } from './session-words.ts'

const labels: Record<SessionAction, string> = {
  retry: 'Try now',
  restart: 'New shell',
  'start-workspace': 'Start workspace',
  'sign-in': 'Sign in again',
  close: 'Close terminal',
}

export interface SessionLineProps {
  readonly words: SessionWords
  readonly onAction: (action: SessionAction) => void
}

/** One line over the terminal's lower edge; what was printed stays readable above it. */
export function SessionLine({ words, onAction }: SessionLineProps) {
  const { tone, text, retryAt, action, stays } = words
  const passes = (tone === 'busy' && stays !== true) || retryAt !== undefined
  return (
    <div
      // What passes by itself lies over the terminal: making room for it would move the text twice.
      data-resting={passes ? undefined : ''}
      className="absolute inset-x-3 bottom-3 rounded-md bg-float shadow-float"
    >
      <Notice
        tone={tone}
        actions={
          action ? (
            <Button size="sm" onClick={() => onAction(action)}>
              {labels[action]}
            </Button>
          ) : null
        }
      >
        {text}
        {retryAt === undefined ? null : (
          <>
            {' '}
            Next try in <Countdown to={retryAt} over="a moment" />.
          </>
        )}
      </Notice>
    </div>
  )
}
