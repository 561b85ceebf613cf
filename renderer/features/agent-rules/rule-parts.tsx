import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { RuleDraft } from './rule-draft.ts'

/** The saving of a draft. */
export interface RuleSaving {
  readonly isPending: boolean
  readonly error: Error | null
  /** Forgets why it failed. */
  readonly reset: () => void
}

type DraftState = Pick<RuleDraft<unknown>, 'isDirty' | 'isChanged' | 'discard' | 'goOn'>

/** Says that somebody else saved something else while this was typed, and asks whose it is to be. */
export function ChangedNotice({
  title = 'Somebody else has changed this meanwhile',
  takeLabel = 'Take theirs',
  draft,
  saving,
  children,
}: {
  readonly title?: string
  readonly takeLabel?: string
  readonly draft: DraftState
  readonly saving: RuleSaving
  /** What is saved now. */
  readonly children: ReactNode
}) {
  if (!draft.isChanged || saving.isPending) return null
  const decide = (choose: () => void) => () => {
    choose()
    saving.reset()
  }
  return (
    <Notice
      tone="warn"
      title={title}
      actions={
        <>
          <Button onClick={decide(draft.discard)}>{takeLabel}</Button>
          <Button onClick={decide(draft.goOn)}>Go on with mine</Button>
        </>
      }
    >
      {children}
    </Notice>
  )
}

/** Saves or discards what is typed, once there is something. Lies in a form. */
export function RuleActions({
  draft,
  saving,
  isRefused = false,
  saveLabel,
}: {
  readonly draft: DraftState
  readonly saving: RuleSaving
  /** What is typed cannot be saved as it is. */
  readonly isRefused?: boolean | undefined
  readonly saveLabel: string
}) {
  if (!draft.isDirty) return null
  const { isPending: isSaving } = saving
  const discard = () => {
    draft.discard()
    saving.reset()
  }
  return (
    <div className="flex items-center gap-2">
      <Button
        type="submit"
        variant="primary"
        loading={isSaving}
        disabled={isRefused || (draft.isChanged && !isSaving)}
      >
        {saveLabel}
      </Button>
      <Button variant="ghost" disabled={isSaving} onClick={discard}>
        Discard changes
      </Button>
    </div>
  )
}
