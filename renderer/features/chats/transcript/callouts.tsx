import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { ErrorDetails } from '../../../ui/error-state.tsx'
import { ClockIcon, WifiOffIcon } from '../../../ui/icons.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { Countdown } from '../../../ui/time.tsx'
import { calloutFacts, calloutWords } from './callout-words.ts'
import { cutText, oneLine, showUnseen } from './hostile-text.ts'
import type { RowOf } from './transcript-rows.ts'
import type { TranscriptState } from './transcript-state.ts'

/** Why the turn ended, and what to do. */
export function ErrorRow({ row: { error } }: { readonly row: RowOf<'error'> }) {
  const { title, advice } = calloutWords(error.kind)
  const facts = calloutFacts(error)
  // Limits are of turns, chats, periods and providers: only who stopped it knows what helps.
  const own = error.kind === 'usage_limit' && error.message !== '' ? error.message : undefined
  const said = [own === undefined ? error.message : '', error.detail]
    .filter((text) => text !== undefined && text !== '')
    .join('\n')
  return (
    <Notice tone="bad" title={title}>
      {own === undefined ? advice : oneLine(own, 1000)}
      {said === '' ? null : (
        <ErrorDetails {...(facts === '' ? {} : { code: facts })} details={showUnseen(cutText(said, 2000))} />
      )}
    </Notice>
  )
}

/** The model is asked once more. */
export function RetryRow({ row: { retry } }: { readonly row: RowOf<'retry'> }) {
  const { title } = calloutWords(retry.kind)
  const facts = calloutFacts(retry)
  return (
    <Notice tone="warn" title={title} icon={<Spinner />}>
      <span className="num">
        Attempt {retry.attempt + 1} starts <CountdownWords to={retry.retrying_at} />
        {facts === '' ? null : <span className="text-fg-3"> {facts}</span>}
      </span>
    </Notice>
  )
}

function CountdownWords({ to }: { readonly to: string }): ReactNode {
  if (Number.isNaN(Date.parse(to))) return 'soon.'
  return (
    <>
      in <Countdown to={to} over="a moment" />.
    </>
  )
}

export function WorkingRow({ row: { isQueued } }: { readonly row: RowOf<'working'> }) {
  if (isQueued) {
    return (
      <div role="status" className="flex items-start gap-2 px-2.5 text-fg-3 [&>.lucide]:mt-0.5">
        <ClockIcon />
        Waits for capacity. The agent begins once fewer others are at work on this deployment.
      </div>
    )
  }
  return (
    <div role="status" className="flex h-6 items-center gap-2 px-2.5 text-fg-3">
      <Spinner className="text-busy" />
      Working
    </div>
  )
}

export function StoppingRow() {
  return (
    <div role="status" className="flex h-6 items-center gap-2 px-2.5 text-fg-3">
      <Spinner />
      Stopping
    </div>
  )
}

/** The stream is lost: what is shown may be old. */
export function ReconnectingNotice({ connection }: Pick<TranscriptState, 'connection'>) {
  if (connection?.state !== 'waiting') return null
  return (
    <Notice tone="warn" icon={<WifiOffIcon />} className="mx-5 mb-2 flex-none">
      <span className="num">
        Reconnecting to this chat
        {connection.retryAt === undefined ? (
          '. '
        ) : (
          <>
            {' '}
            in <Countdown to={connection.retryAt} over="a moment" />.{' '}
          </>
        )}
        <span className="text-fg-3">
          {connection.reason === undefined ? '' : oneLine(connection.reason, 200)}
        </span>
      </span>
    </Notice>
  )
}

/** Older messages could not be read. */
export function OlderFailed({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <div className="flex items-center justify-center gap-2 text-sm text-fg-3">
      Older messages could not be read.
      <Button size="sm" variant="ghost" onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}
