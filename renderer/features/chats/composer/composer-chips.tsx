import type { ReactNode } from 'react'
import { useApi } from '../../../api/api-context.tsx'
import { formatBytes } from '../../../lib/bytes.ts'
import { classNames } from '../../../lib/class-names.ts'
import { plainText } from '../../../lib/plain-text.ts'
import {
  CodeXmlIcon,
  FileTextIcon,
  ImageIcon,
  RotateCwIcon,
  TriangleAlertIcon,
  WrapTextIcon,
  XIcon,
} from '../../../ui/icons.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { drafts } from './draft-store.ts'
import type { Draft, DraftAttachment } from './draft.ts'
import { removeAttachment, retryPaste, useUploads } from './uploads.ts'

export interface ChipProps {
  readonly icon: ReactNode
  readonly tone?: 'plain' | 'bad' | 'accent'
  readonly title?: string | undefined
  /** Buttons before the one that removes. */
  readonly actions?: ReactNode
  readonly removeLabel: string
  readonly onRemove: () => void
  readonly children: ReactNode
}

const tones = {
  plain: 'ring-line-strong text-fg-2',
  bad: 'ring-bad text-bad-fg',
  accent: 'ring-transparent bg-accent-soft text-accent-fg',
}

/** Something that goes along with the message, and can be taken away. */
export function Chip({ icon, tone = 'plain', title, actions, removeLabel, onRemove, children }: ChipProps) {
  return (
    <span
      title={title}
      className={classNames(
        'inline-flex h-5 max-w-full min-w-0 items-center gap-1 rounded-sm pr-0.5 pl-1.5 text-sm font-medium whitespace-nowrap ring-1 ring-inset [&>.lucide]:size-3',
        tones[tone],
      )}
    >
      {icon}
      <span className="cut">{children}</span>
      {actions}
      <ChipButton label={removeLabel} icon={<XIcon className="size-3" />} onClick={onRemove} />
    </span>
  )
}

function ChipButton(props: {
  readonly label: string
  readonly icon: ReactNode
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      className="grid size-4 flex-none place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg"
      onClick={props.onClick}
    >
      {props.icon}
    </button>
  )
}

export interface DraftChipsProps {
  readonly deploymentId: string
  readonly place: string
  readonly draft: Draft
}

/** References and files of a draft. */
export function DraftChips({ deploymentId, place, draft }: DraftChipsProps) {
  return (
    <>
      {draft.references.map((reference, index) => {
        const name = plainText(reference.fileName.slice(reference.fileName.lastIndexOf('/') + 1), 80)
        return (
          <Chip
            key={`${reference.fileName}:${index}`}
            icon={<CodeXmlIcon />}
            title={plainText(reference.fileName, 300)}
            removeLabel={`Remove ${name}`}
            onRemove={() =>
              drafts.change(place, (before) => ({
                ...before,
                references: before.references.filter((other) => other !== reference),
              }))
            }
          >
            {name}:{reference.startLine}
            {reference.endLine === reference.startLine ? '' : `-${reference.endLine}`}
          </Chip>
        )
      })}
      {draft.attachments.map((attachment) => (
        <AttachmentChip
          key={attachment.id}
          deploymentId={deploymentId}
          place={place}
          attachment={attachment}
        />
      ))}
    </>
  )
}

interface AttachmentChipProps {
  readonly deploymentId: string
  readonly place: string
  readonly attachment: DraftAttachment
}

function AttachmentChip({ deploymentId, place, attachment }: AttachmentChipProps) {
  const { client } = useApi()
  const upload = useUploads((all) => all[attachment.id])
  const { id, fileId, text } = attachment
  const name = plainText(attachment.name, 60)
  // Begun by an earlier start of the app.
  const isLost = fileId === undefined && upload === undefined
  const isBad = isLost || upload?.kind === 'failed'
  const retry =
    upload?.kind === 'failed'
      ? upload.retry
      : isLost && text !== undefined
        ? () => retryPaste({ client, deploymentId, place }, attachment)
        : undefined
  const problem = isLost
    ? 'It was not uploaded before the app was closed. Attach it again.'
    : upload?.kind === 'failed'
      ? upload.message
      : undefined
  return (
    <Chip
      tone={isBad ? 'bad' : 'plain'}
      icon={
        isBad ? (
          <TriangleAlertIcon />
        ) : upload?.kind === 'running' ? (
          <Spinner className="size-3" />
        ) : attachment.mediaType.startsWith('image/') ? (
          <ImageIcon />
        ) : (
          <FileTextIcon />
        )
      }
      title={problem ?? (attachment.bytes > 0 ? `${name}, ${formatBytes(attachment.bytes)}` : name)}
      actions={
        <>
          {retry === undefined ? null : (
            <ChipButton
              label={`Upload ${name} again`}
              icon={<RotateCwIcon className="size-3" />}
              onClick={retry}
            />
          )}
          {text === undefined ? null : (
            <ChipButton
              label={`Put ${name} back into the text`}
              icon={<WrapTextIcon className="size-3" />}
              onClick={() => {
                removeAttachment(place, id)
                drafts.change(place, (before) => ({
                  ...before,
                  text: before.text === '' ? text : `${before.text}\n${text}`,
                }))
              }}
            />
          )}
        </>
      }
      removeLabel={upload?.kind === 'running' ? `Cancel the upload of ${name}` : `Remove ${name}`}
      onRemove={() => removeAttachment(place, id)}
    >
      {name}
      {upload?.kind === 'running' ? (
        <span className="num text-fg-3"> {Math.round(upload.share * 100)} %</span>
      ) : null}
      {problem === undefined ? null : (
        <span role="alert" className="font-normal">
          {' '}
          {problem}
        </span>
      )}
    </Chip>
  )
}
