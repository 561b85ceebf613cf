import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Countdown } from '../../ui/time.tsx'
import type { ChatTranscript } from './chat-transcript.tsx'

/** Says that what is shown may be old, and what happens about it. */
export function ConnectionNotice({ transcript }: { readonly transcript: ChatTranscript }) {
  const { failure, waiting, retry } = transcript
  if (failure) {
    return (
      <Notice
        tone="bad"
        className="mx-5 mb-1 flex-none"
        title={transcript.messages.length === 0 ? 'What was said cannot be read' : 'Nothing more comes in'}
        actions={
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
        }
      >
        {errorWords(failure).message}
      </Notice>
    )
  }
  if (!waiting) return null
  return (
    <Notice tone="busy" className="mx-5 mb-1 flex-none">
      Reconnecting. What is shown may be old.{' '}
      {waiting.retryAt === undefined ? null : (
        <span className="text-fg-3">
          Next try in <Countdown to={waiting.retryAt} over="a moment" />.
        </span>
      )}
    </Notice>
  )
}
