import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { MonitorIcon } from '../../ui/icons.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { Countdown } from '../../ui/time.tsx'
import type { DesktopAction, DesktopWords } from './desktop-words.ts'

export interface DesktopStandingProps {
  readonly words: DesktopWords
  readonly onAction: (action: DesktopAction) => void
}

/** In place of a desktop: what it waits for, or why there is none, and what to do. */
export function DesktopStanding({ words, onAction }: DesktopStandingProps) {
  const { tone, title, text, retryAt, action } = words
  const button = action ? <Button onClick={() => onAction(action.what)}>{action.label}</Button> : undefined
  if (tone === 'bad') {
    return (
      <div className="p-3">
        <ErrorState title={title} actions={button}>
          {text}
        </ErrorState>
      </div>
    )
  }
  return (
    <div role="status" className="h-full">
      <EmptyState icon={tone === 'busy' ? <Spinner /> : <MonitorIcon />} title={title} actions={button}>
        {text}
        {retryAt === undefined ? null : (
          <>
            {' '}
            Next try in <Countdown to={retryAt} over="a moment" />.
          </>
        )}
      </EmptyState>
    </div>
  )
}
