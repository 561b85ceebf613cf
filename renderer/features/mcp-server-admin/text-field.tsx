import type { ComponentProps, ReactNode } from 'react'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import type { ServerDraft } from './server-draft.ts'
import type { ServerForm } from './use-server-form.ts'

type TextName = {
  [K in keyof ServerDraft]: ServerDraft[K] extends string ? K : never
}[keyof ServerDraft]

export interface TextFieldProps extends Pick<
  ComponentProps<typeof Input>,
  'placeholder' | 'mono' | 'leading' | 'trailing' | 'autoFocus'
> {
  readonly form: ServerForm
  readonly name: TextName
  readonly label: string
  readonly help?: ReactNode
  readonly optional?: boolean
  readonly className?: string
}

/** One line of the draft, with its problem below. */
export function TextField({ form, name, label, help, optional, className, ...input }: TextFieldProps) {
  return (
    <Field label={label} help={help} optional={optional} error={form.error(name)} className={className}>
      <Input
        {...input}
        value={form.draft[name]}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => form.change({ [name]: event.target.value })}
        onBlur={() => form.touch(name)}
      />
    </Field>
  )
}
