import { useQueryClient } from '@tanstack/react-query'
import type { SyntheticEvent } from 'react'
import { instructionsMaxBytes } from '#ipc/own-agents-limits'
import type { Output } from '../../api/procedure-types.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/input.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure } from '../ai-models/index.ts'
import { byteLength, kibOf } from './byte-length.ts'
import { ChangedText, refusalOf, useWrittenText } from './written-texts.tsx'

/** What every model is told in the user's chats. Nothing where the deployment has no such thing. */
export function Instructions({ deploymentId }: { readonly deploymentId: string }) {
  const saved = useRead('ownAgents.instructions', { deploymentId })
  if (saved.isPending) return <SkeletonRows rows={3} label="Loading your instructions" />
  if (saved.isError)
    return (
      <Failure
        title="Your instructions cannot be shown"
        error={saved.error}
        isRetrying={saved.isFetching}
        onRetry={() => void saved.refetch()}
      />
    )
  return saved.data === null ? null : <InstructionsForm deploymentId={deploymentId} saved={saved.data.text} />
}

function InstructionsForm({
  deploymentId,
  saved,
}: {
  readonly deploymentId: string
  readonly saved: string
}) {
  const place = `${deploymentId} instructions`
  const draft = useWrittenText(place, saved)
  const cache = useQueryClient()
  const read = ['ownAgents.instructions', { deploymentId }]
  const save = useChange('ownAgents.setInstructions', {
    onSettled: () => cache.invalidateQueries({ queryKey: read }),
  })
  const { value: text, seen } = draft
  const bytes = byteLength(text)
  const tooLong = bytes > instructionsMaxBytes ? 'Shorten it: a deployment takes 128 KiB.' : undefined
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (tooLong !== undefined || save.isPending || !draft.isDirty || draft.isChanged) return
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void save.mutateAsync({ deploymentId, seen, text }).then(
      (kept) => {
        cache.setQueryData<Output<'ownAgents.instructions'>>(read, kept)
        // What was typed while it was saved stays.
        draft.settle(text, kept.text)
        toast({ tone: 'ok', title: 'Your instructions are saved' })
      },
      () => undefined, // Shown at the field.
    )
  }
  return (
    <Card title="Instructions">
      <form noValidate onSubmit={submit} className="flex flex-col gap-3">
        <Field
          label="What agents should know and do in your chats"
          help="Every model reads this before your messages, from the next one on."
          hint={bytes === 0 ? undefined : kibOf(bytes, instructionsMaxBytes)}
          error={tooLong ?? refusalOf(save.error, draft)}
        >
          <TextArea
            className="[&_textarea]:min-h-24"
            placeholder="Answer briefly. Write tests before you change code."
            value={text}
            onChange={(event) => {
              save.reset()
              draft.write(event.target.value)
            }}
          />
        </Field>
        <ChangedText draft={draft} saving={save} saved={saved} />
        {draft.isDirty ? (
          <div className="flex gap-2">
            <Button
              type="submit"
              variant="primary"
              disabled={tooLong !== undefined || (draft.isChanged && !save.isPending)}
              loading={save.isPending}
            >
              Save
            </Button>
            <Button
              variant="ghost"
              onClick={() => {
                save.reset()
                draft.discard()
              }}
            >
              Discard
            </Button>
          </div>
        ) : null}
      </form>
    </Card>
  )
}
