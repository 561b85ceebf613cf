import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Select } from '../../ui/select.tsx'
import { namespaceOf } from './model-draft.ts'
import { type OptionField, optionFields, optionKey } from './model-options.ts'
import type { ModelForm } from './use-model-form.ts'

export interface OptionInputsProps {
  readonly form: ModelForm
  readonly providerType: string
}

/** The options that only this kind of provider has. */
export function OptionInputs({ form, providerType }: OptionInputsProps) {
  const namespace = namespaceOf(providerType)
  if (namespace === undefined) return <p className="text-fg-3">There are none for this kind of provider.</p>
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-4">
      {optionFields[namespace].map((field) => (
        <OptionInput key={optionKey(field)} field={field} form={form} />
      ))}
    </div>
  )
}

/** The empty text: the provider decides. No option has a word of its own for that. */
const unset = ''

function OptionInput({ field, form }: { readonly field: OptionField; readonly form: ModelForm }) {
  const key = optionKey(field)
  const value = form.draft.options[key] ?? unset
  const choices = choicesOf(field, value)
  return (
    <Field
      label={field.label}
      help={field.help}
      error={form.error(key)}
      className={field.kind === 'words' ? 'col-span-2' : undefined}
    >
      {choices === undefined ? (
        <Input
          value={value}
          spellCheck={false}
          autoComplete="off"
          placeholder={field.kind === 'words' ? 'docs.acme.dev, example.com' : 'Provider’s own'}
          onChange={(event) => form.changeOption(key, event.target.value)}
          onBlur={() => form.touch(key)}
        />
      ) : (
        <Select options={choices} value={value} onChange={(next) => form.changeOption(key, next)} />
      )}
    </Field>
  )
}

/** What can be chosen; a stored word that is not one of ours stays choosable. */
function choicesOf(field: OptionField, value: string) {
  const first = { value: unset, label: 'Provider’s own' }
  if (field.kind === 'flag') return [first, { value: 'true', label: 'On' }, { value: 'false', label: 'Off' }]
  if (field.kind !== 'choice') return undefined
  const known = [...field.choices]
  if (value !== unset && !known.includes(value)) known.push(value)
  return [first, ...known.map((word) => ({ value: word, label: word[0]?.toUpperCase() + word.slice(1) }))]
}
