import { useState } from 'react'
import type { UserSkillMetadata } from '#bridge/contract/user-skills'
import { plainText } from '../../lib/plain-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { BookOpenIcon, PencilIcon, PlusIcon, Trash2Icon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure, inWords } from '../ai-models/index.ts'
import { skillPlace, SkillSheet } from './skill-sheet.tsx'
import { useSkillChanges, useSkills } from './use-skills.ts'
import { forgetWritten, useIsWritten } from './written-texts.tsx'

/** What a person teaches the agents of their own chats. */
export function SkillsSettings({ deploymentId }: { readonly deploymentId: string }) {
  const skills = useSkills(deploymentId)
  // Kept while the sheet slides out, so that it does not change its words on the way.
  const [edited, setEdited] = useState<{ readonly name: string | undefined; readonly isOpen: boolean }>()
  const [deleted, setDeleted] = useState<UserSkillMetadata>()
  const { remove } = useSkillChanges(deploymentId)
  const hasNewDraft = useIsWritten(skillPlace(deploymentId, undefined))
  const isDeletedUnsaved = useIsWritten(skillPlace(deploymentId, deleted?.name ?? ''))
  if (skills.isPending) return <SkeletonRows rows={3} label="Loading your skills" />
  if (skills.isError)
    return (
      <Failure
        title="Your skills cannot be shown"
        error={skills.error}
        isRetrying={skills.isFetching}
        onRetry={() => void skills.refetch()}
      />
    )
  if (skills.data === null) return null
  const write = (name?: string) => setEdited({ name, isOpen: true })
  const add = (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => write()}>
      {hasNewDraft ? 'Go on writing' : 'New skill'}
    </Button>
  )
  return (
    <>
      {skills.data.length === 0 ? (
        <EmptyState icon={<BookOpenIcon />} title="Teach your agents something" actions={add}>
          A skill says how you want a task done: a release, a review, a report. Agents of your chats read it
          when the task comes up, or when you type / and its name.
        </EmptyState>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <p className="mr-auto min-w-60 flex-1 text-fg-2">
              Agents of your chats read a skill when the task comes up, or when you type / and its name.
            </p>
            {add}
          </div>
          <Card flush>
            <ul aria-label="Skills">
              {skills.data.map((skill) => (
                <SkillRow
                  key={skill.id}
                  deploymentId={deploymentId}
                  skill={skill}
                  onEdit={() => write(skill.name)}
                  onDelete={() => setDeleted(skill)}
                />
              ))}
            </ul>
          </Card>
        </>
      )}
      {edited === undefined ? null : (
        <SkillSheet
          key={edited.name ?? ''}
          deploymentId={deploymentId}
          name={edited.name}
          open={edited.isOpen}
          onOpenChange={(isOpen) => setEdited({ ...edited, isOpen })}
        />
      )}
      <ConfirmDialog
        open={deleted !== undefined}
        onOpenChange={(isOpen) => {
          if (!isOpen) setDeleted(undefined)
        }}
        title={`Delete ${plainText(deleted?.name ?? '', 60)}?`}
        description={
          isDeletedUnsaved
            ? 'Agents of your chats no longer know it, and what you typed in it and did not save is lost. This cannot be undone.'
            : 'Agents of your chats no longer know it. This cannot be undone.'
        }
        confirmLabel="Delete"
        danger
        onConfirm={async () => {
          if (deleted === undefined) return
          const { name, updated_at: seenAt } = deleted
          await remove.mutateAsync({ deploymentId, name, seenAt }).catch(inWords)
          // What was typed in it goes, too: a later one of this name is another.
          forgetWritten(skillPlace(deploymentId, name))
          toast({ tone: 'ok', title: `${plainText(name, 60)} is deleted` })
        }}
      />
    </>
  )
}

interface SkillRowProps {
  readonly deploymentId: string
  readonly skill: UserSkillMetadata
  readonly onEdit: () => void
  readonly onDelete: () => void
}

function SkillRow({ deploymentId, skill, onEdit, onDelete }: SkillRowProps) {
  const name = plainText(skill.name, 120)
  const isUnsaved = useIsWritten(skillPlace(deploymentId, skill.name))
  return (
    <li className="border-line not-last:border-b">
      <CardRow className="min-h-12">
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-2">
            <span className="cut font-medium" title={name}>
              {name}
            </span>
            {isUnsaved ? <Badge outlined>Not saved</Badge> : null}
          </div>
          <div className="cut text-sm text-fg-3">{plainText(skill.description, 300)}</div>
        </div>
        <span className="num flex-none text-sm text-fg-3">
          <RelativeTime value={skill.updated_at} />
        </span>
        <div className="flex flex-none items-center gap-0.5">
          <IconButton size="sm" label={`Edit ${name}`} icon={<PencilIcon />} onClick={onEdit} />
          <IconButton size="sm" label={`Delete ${name}`} icon={<Trash2Icon />} onClick={onDelete} />
        </div>
      </CardRow>
    </li>
  )
}
