import { hasCode } from '../../../api/bridge-error.ts'
import { errorWords } from '../../../api/error-words.ts'
import { Notice } from '../../../ui/notice.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { formatDollars } from '../../../lib/money.ts'

/** Why a message was not sent; its text is back in the box. */
export function SendFailure({ error }: { readonly error: unknown }) {
  if (hasCode<'chats.send'>(error, 'usage_limit')) {
    const { limit, resetsAt } = limitOf(error.details)
    return (
      <Notice tone="bad" title="You have reached your usage limit">
        {limit === undefined
          ? 'Your message is back below. '
          : `${formatDollars(limit)} are spent. Your message is back below. `}
        {resetsAt === undefined ? (
          'Ask an administrator for more.'
        ) : (
          <>
            You can send it again <RelativeTime value={resetsAt} />, or ask an administrator for more.
          </>
        )}
      </Notice>
    )
  }
  return (
    <Notice tone="bad" title="The message is not sent">
      {errorWords(error).message} It is back below.
    </Notice>
  )
}

function limitOf(details: unknown): {
  readonly limit: number | undefined
  readonly resetsAt: string | undefined
} {
  if (typeof details !== 'object' || details === null) return { limit: undefined, resetsAt: undefined }
  const limit = 'limit_micros' in details ? details.limit_micros : undefined
  const resetsAt = 'resets_at' in details ? details.resets_at : undefined
  return {
    limit: typeof limit === 'number' ? limit : undefined,
    resetsAt: typeof resetsAt === 'string' ? resetsAt : undefined,
  }
}
