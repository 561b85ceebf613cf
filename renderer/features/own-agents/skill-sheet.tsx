import { useId, type SyntheticEvent } from 'react'
import { skillMaxBytes } from '#ipc/own-agents-limits'
import { hasCode } from '../../api/bridge-error.ts'
import { useRead } from '../../api/use-call.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/input.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from '../ai-models/index.ts'
import { byteLength, kibOf } from './byte-length.ts'
import { settingToast } from './use-preferences.ts'
import { useSkillChanges } from './use-skills.ts'
import { ChangedText, refusalOf, useIsWritten, useWrittenText } from './written-texts.tsx'

/** Where the unsaved text of a skill is kept; undefined is the one that is new. */
export const skillPlace = (deploymentId: string, name: string | undefined): string =>
  `${deploymentId} ${name === undefined ? 'new skill' : `skill ${name}`}`

const begun = `---
name: 
description: 
---

`

export interface SkillSheetProps {
  readonly deploymentId: string
  /** Undefined: a new one. */
  readonly name: string | undefined
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Where a skill is written. Closing it keeps what is typed. */
export function SkillSheet(props: SkillSheetProps) {
  const { deploymentId, name } = props
  const skill = useRead('ownAgents.skill', name === undefined ? undefined : { deploymentId, name })
  const isWritten = useIsWritten(skillPlace(deploymentId, name))
  // What is written is there to go on with, whether or not the deployment answers.
  if (name === undefined || isWritten || skill.data !== undefined)
    return <SkillForm {...props} saved={name === undefined ? begun : skill.data?.content} />
  return (
    <SideSheet
      open={props.open}
      onOpenChange={props.onOpenChange}
      width="lg"
      title={`Edit ${plainText(name, 60)}`}
    >
      {skill.isError ? (
        <Failure
          title="The skill cannot be shown"
          error={skill.error}
          isRetrying={skill.isFetching}
          onRetry={() => void skill.refetch()}
        />
      ) : (
        <SkeletonRows rows={6} label="Loading the skill" />
      )}
    </SideSheet>
  )
}

function SkillForm({
  deploymentId,
  name,
  open,
  onOpenChange,
  saved,
}: SkillSheetProps & { readonly saved: string | undefined }) {
  const formId = useId()
  const place = skillPlace(deploymentId, name)
  const draft = useWrittenText(place, saved)
  const { create, update } = useSkillChanges(deploymentId)
  const { value: text, seen } = draft
  const bytes = byteLength(text)
  const tooLong = bytes > skillMaxBytes ? 'Shorten it: a skill may have 64 KiB.' : undefined
  const isSaving = create.isPending || update.isPending
  const isGone = hasCode<'ownAgents.updateSkill'>(update.error, 'skill_gone')
  const forget = (): void => {
    create.reset()
    update.reset()
  }
  const save = (asNew: boolean): void => {
    if (tooLong !== undefined || isSaving || (draft.isChanged && !asNew)) return
    forget()
    const call =
      asNew || name === undefined
        ? create.mutateAsync({ deploymentId, content: text })
        : update.mutateAsync({ deploymentId, name, seen, content: text })
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void call.then(
      (kept) => {
        // What was typed while it was saved stays.
        draft.settle(text, kept.content)
        onOpenChange(false)
        toast({ key: settingToast, tone: 'ok', title: `${plainText(kept.name, 60)} is saved` })
      },
      () => undefined, // Shown at the field.
    )
  }
  return (
    <SideSheet
      open={open}
      onOpenChange={onOpenChange}
      width="lg"
      title={name === undefined ? 'New skill' : `Edit ${plainText(name, 60)}`}
      description="What is not saved stays here until you come back."
      footer={
        <>
          {draft.isDirty ? (
            <Button
              variant="ghost"
              className="mr-auto"
              onClick={() => {
                forget()
                draft.discard()
              }}
            >
              Discard changes
            </Button>
          ) : null}
          {isGone ? <Button onClick={() => save(true)}>Save as a new skill</Button> : null}
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabled={!draft.isDirty || tooLong !== undefined || (draft.isChanged && !isSaving)}
            loading={isSaving}
          >
            Save
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault()
          save(false)
        }}
      >
        <p className="mb-3 text-fg-2">
          Markdown. The head between the lines of dashes has its name, without spaces, and when to use it.
          Agents are told the head, and read the rest when they need it.
        </p>
        <Field
          label="Skill"
          hint={kibOf(bytes, skillMaxBytes)}
          error={tooLong ?? refusalOf(create.error ?? update.error, draft)}
        >
          <TextArea
            mono
            spellCheck={false}
            className="[&_textarea]:max-h-[64vh] [&_textarea]:min-h-80"
            value={text}
            onChange={(event) => {
              forget()
              draft.write(event.target.value)
            }}
          />
        </Field>
        <div className="mt-3">
          <ChangedText draft={draft} saving={update} saved={saved ?? ''} />
        </div>
      </form>
    </SideSheet>
  )
}
