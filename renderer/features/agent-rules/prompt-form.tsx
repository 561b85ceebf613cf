import type { ReactNode, SyntheticEvent } from 'react'
import { CodeBlock } from '../../ui/code.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/input.tsx'
import { toast } from '../../ui/toast-store.ts'
import { roomOf } from './instruction-drafts.ts'
import type { RuleDraft } from './rule-draft.ts'
import { ChangedNotice, RuleActions, type RuleSaving } from './rule-parts.tsx'
import { refusalOf } from './use-agent-rules.ts'

export interface PromptFormProps {
  readonly label: string
  readonly help: string
  readonly placeholder: string
  readonly saveLabel: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly draft: Pick<RuleDraft<unknown>, 'isDirty' | 'isChanged' | 'discard' | 'goOn'>
  readonly change: RuleSaving
  /** What is saved now, for who has typed something else. */
  readonly theirs: { readonly text: string; readonly note?: string | undefined }
  readonly save: () => Promise<void>
  /** More choices, below the text. */
  readonly children?: ReactNode
}

/** A text for models, typed and saved as a whole. */
export function PromptForm({
  label,
  help,
  placeholder,
  saveLabel,
  text,
  onText,
  draft,
  change,
  theirs,
  save,
  children,
}: PromptFormProps) {
  const { hint, problem } = roomOf(text)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (problem !== undefined || change.isPending || draft.isChanged) return
    void save().then(
      () => toast({ tone: 'ok', title: 'The instructions are saved' }),
      () => undefined, // Shown at the field.
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3">
      <Field label={label} help={help} hint={hint} error={problem ?? refusalOf(change, draft)}>
        <TextArea
          rows={5}
          className="[&_textarea]:min-h-24"
          value={text}
          readOnly={change.isPending}
          placeholder={placeholder}
          onChange={(event) => onText(event.target.value)}
        />
      </Field>
      {children}
      <ChangedNotice draft={draft} saving={change}>
        <div className="flex flex-col gap-2">
          <div>
            {theirs.text === '' ? 'Theirs is empty.' : 'Yours is not saved.'} {theirs.note}
          </div>
          {theirs.text === '' ? null : (
            <Disclosure label="What is saved now">
              <CodeBlock wrap>{theirs.text}</CodeBlock>
            </Disclosure>
          )}
        </div>
      </ChangedNotice>
      <RuleActions draft={draft} saving={change} isRefused={problem !== undefined} saveLabel={saveLabel} />
    </form>
  )
}
