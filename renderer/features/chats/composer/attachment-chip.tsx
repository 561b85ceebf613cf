import { formatBytes } from '../../../lib/bytes.ts'
import { plainText } from '../../../lib/plain-text.ts'
import { FileTextIcon, ImageIcon, RotateCwIcon, TriangleAlertIcon, WrapTextIcon } from '../../../ui/icons.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { Chip, ChipButton } from './chip.tsx'
import { drafts } from './draft-store.ts'
import type { DraftAttachment } from './draft.ts'
import { removeAttachment, retryPaste, useUploads, type AttachTarget, type Upload } from './uploads.ts'

export interface AttachmentChipProps {
  readonly target: AttachTarget
  readonly attachment: DraftAttachment
}

/** A file that goes along: how far its upload is, or why it failed and what to do. */
export function AttachmentChip({ target, attachment }: AttachmentChipProps) {
  const { place } = target
  const upload = useUploads((all) => all[attachment.id])
  const { id, bytes } = attachment
  const name = plainText(attachment.name, 60)
  const problem = problemOf(attachment, upload)
  const size = bytes > 0 ? `${name}, ${formatBytes(bytes)}` : name
  const isRunning = upload?.kind === 'running'
  return (
    <Chip
      tone={problem === undefined ? 'plain' : 'bad'}
      icon={<AttachmentIcon attachment={attachment} upload={upload} isBad={problem !== undefined} />}
      title={problem ?? size}
      actions={
        <AttachmentActions
          name={name}
          place={place}
          attachment={attachment}
          onRetry={retryOf(attachment, upload, () => retryPaste(target, attachment))}
        />
      }
      removeLabel={isRunning ? `Cancel the upload of ${name}` : `Remove ${name}`}
      onRemove={() => removeAttachment(place, id)}
    >
      {name}
      {isRunning ? <span className="num text-fg-3"> {Math.round(upload.share * 100)} %</span> : null}
      {problem === undefined ? null : (
        <span role="alert" className="font-normal">
          {' '}
          {problem}
        </span>
      )}
    </Chip>
  )
}

function problemOf({ fileId, text }: DraftAttachment, upload: Upload | undefined): string | undefined {
  if (upload?.kind === 'failed') return upload.message
  // Begun by an earlier start of the app.
  if (fileId !== undefined || upload !== undefined) return undefined
  return text === undefined
    ? 'It was not uploaded before the app was closed. Attach it again.'
    : 'It was not uploaded before the app was closed.'
}

function retryOf(
  { fileId, text }: DraftAttachment,
  upload: Upload | undefined,
  retryText: () => void,
): (() => void) | undefined {
  if (upload?.kind === 'failed') return upload.retry
  return upload === undefined && fileId === undefined && text !== undefined ? retryText : undefined
}

interface AttachmentIconProps {
  readonly attachment: DraftAttachment
  readonly upload: Upload | undefined
  readonly isBad: boolean
}

function AttachmentIcon({ attachment, upload, isBad }: AttachmentIconProps) {
  if (isBad) return <TriangleAlertIcon />
  if (upload?.kind === 'running') return <Spinner className="size-3" />
  return attachment.mediaType.startsWith('image/') ? <ImageIcon /> : <FileTextIcon />
}

interface AttachmentActionsProps {
  readonly name: string
  readonly place: string
  readonly attachment: DraftAttachment
  readonly onRetry: (() => void) | undefined
}

function AttachmentActions({ name, place, attachment: { id, text }, onRetry }: AttachmentActionsProps) {
  const putBack = (pasted: string): void => {
    removeAttachment(place, id)
    drafts.change(place, (before) => ({
      ...before,
      text: before.text === '' ? pasted : `${before.text}\n${pasted}`,
    }))
  }
  return (
    <>
      {onRetry === undefined ? null : (
        <ChipButton
          label={`Upload ${name} again`}
          icon={<RotateCwIcon className="size-3" />}
          onClick={onRetry}
        />
      )}
      {text === undefined ? null : (
        <ChipButton
          label={`Put ${name} back into the text`}
          icon={<WrapTextIcon className="size-3" />}
          onClick={() => putBack(text)}
        />
      )}
    </>
  )
}
