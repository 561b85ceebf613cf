import { Button } from '../../../ui/button.tsx'
import { PencilIcon } from '../../../ui/icons.tsx'
import { Notice } from '../../../ui/notice.tsx'

export interface EditBannerProps {
  /** Messages after the one that is written anew. */
  readonly later: number
  /** Messages that wait in the queue. */
  readonly queued: number
  readonly onCancel: () => void
}

/** Says what goes when a message is written anew. */
export function EditBanner({ later, queued, onCancel }: EditBannerProps) {
  return (
    <Notice
      tone="warn"
      icon={<PencilIcon />}
      className="rounded-b-none"
      actions={
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      }
    >
      {later === 0 ? lastWords(queued) : earlierWords(later, queued)}
      {queued === 0 ? null : ' What is queued comes back to where you write.'}
    </Notice>
  )
}

function lastWords(queued: number): string {
  return `You write your last message anew. ${
    queued === 0 ? 'What was said after it goes.' : `What was said after it and ${queuedWords(queued)} go.`
  }`
}

function earlierWords(later: number, queued: number): string {
  const after = `${later === 1 ? 'the message' : `all ${later} messages`} after it`
  return `You write a message anew. ${
    queued === 0 ? `It and ${after} go.` : `It, ${after} and ${queuedWords(queued)} go.`
  }`
}

function queuedWords(queued: number): string {
  return queued === 1 ? '1 queued message' : `${queued} queued messages`
}
