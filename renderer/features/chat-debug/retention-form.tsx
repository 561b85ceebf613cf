import { useState, type SyntheticEvent } from 'react'
import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { toast } from '../../ui/toast-store.ts'
import { keepRetentionDraft, readDays, useRetentionDrafts } from './retention-draft.ts'
import { useDebugChanges } from './use-debug.ts'

/** How long debug runs are kept. */
export function RetentionForm({
  deploymentId,
  days,
}: {
  readonly deploymentId: string
  readonly days: number
}) {
  const draft = useRetentionDrafts((drafts) => drafts[deploymentId])
  const [isTouched, setIsTouched] = useState(false)
  const { setRules } = useDebugChanges(deploymentId)
  const text = draft ?? String(days)
  const read = readDays(text)
  const problem = 'problem' in read ? read.problem : undefined
  const refused = setRules.isError ? errorWords(setRules.error).message : undefined
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setIsTouched(true)
    if (!('days' in read) || setRules.isPending) return
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void setRules.mutateAsync({ deploymentId, retentionDays: read.days }).then(
      () => {
        // What was typed while it was saved stays.
        if (useRetentionDrafts.getState()[deploymentId] === draft) keepRetentionDraft(deploymentId, undefined)
        toast({ tone: 'ok', title: 'The time is saved' })
      },
      () => undefined, // Shown at the field.
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-wrap items-end gap-2 px-3.5 py-3">
      <Field
        className="w-72"
        label="Days to keep debug runs"
        help="0: for as long as their chat."
        error={(isTouched ? problem : undefined) ?? refused}
      >
        <Input
          className="max-w-[120px]"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={(event) => keepRetentionDraft(deploymentId, event.target.value)}
          onBlur={() => setIsTouched(true)}
        />
      </Field>
      {draft === undefined || draft === String(days) ? null : (
        <div className="flex gap-2 pb-6">
          <Button type="submit" variant="primary" loading={setRules.isPending}>
            Save
          </Button>
          <Button variant="ghost" onClick={() => keepRetentionDraft(deploymentId, undefined)}>
            Discard
          </Button>
        </div>
      )}
    </form>
  )
}
