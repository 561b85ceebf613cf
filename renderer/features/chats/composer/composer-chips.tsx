import { plainText } from '../../../lib/plain-text.ts'
import { CodeXmlIcon, ListTodoIcon } from '../../../ui/icons.tsx'
import { AttachmentChip } from './attachment-chip.tsx'
import { Chip } from './chip.tsx'
import { drafts } from './draft-store.ts'
import type { Draft } from './draft.ts'
import type { AttachTarget } from './uploads.ts'

export interface ComposerChipsProps {
  readonly target: AttachTarget
  readonly draft: Draft
  readonly planMode: boolean
  readonly onNoPlan: () => void
}

/** What goes along with a message: that it is planned first, lines of files, and files. */
export function ComposerChips({ target, draft, planMode, onNoPlan }: ComposerChipsProps) {
  if (!planMode && draft.attachments.length + draft.references.length === 0) return null
  return (
    <div className="flex flex-wrap gap-1 px-2.5 pt-2">
      {planMode ? (
        <Chip tone="accent" icon={<ListTodoIcon />} removeLabel="Do it without a plan" onRemove={onNoPlan}>
          Plan first
        </Chip>
      ) : null}
      {draft.references.map((reference, index) => {
        const name = plainText(reference.fileName.slice(reference.fileName.lastIndexOf('/') + 1), 80)
        return (
          <Chip
            key={`${reference.fileName}:${index}`}
            icon={<CodeXmlIcon />}
            title={plainText(reference.fileName, 300)}
            removeLabel={`Remove ${name}`}
            onRemove={() =>
              drafts.change(target.place, (before) => ({
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
        <AttachmentChip key={attachment.id} target={target} attachment={attachment} />
      ))}
    </div>
  )
}
