import { useId, type ComponentProps, type ReactNode, type SyntheticEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { Failure } from './failure.tsx'
import type { ModelTextField } from './model-draft.ts'
import { modelName } from './model-table.tsx'
import { OptionInputs } from './option-inputs.tsx'
import { providerName } from './provider-kinds.ts'
import { type ModelForm, type ModelFormDeps, useModelForm } from './use-model-form.ts'

/** Adds or changes a model of a provider. */
export function ModelSheet(props: ModelFormDeps & { readonly onClose: () => void }) {
  const { provider, model, onClose } = props
  const formId = useId()
  const form = useModelForm(props)
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const element = event.currentTarget
    form.submit()
    // After the check has marked them, the first field in need gets the focus.
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  return (
    <SideSheet
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={model === null ? `Add a model of ${providerName(provider)}` : modelName(model)}
      dirty={form.isDirty}
      footer={
        <Button size="lg" type="submit" form={formId} variant="primary" loading={form.isSaving}>
          {model === null ? 'Add model' : 'Save'}
        </Button>
      }
    >
      <form id={formId} noValidate className="flex flex-col gap-4" onSubmit={submit}>
        {form.failure === null ? null : (
          <Failure
            title={model === null ? 'The model is not added' : 'The model is not saved'}
            error={form.failure}
          />
        )}
        <Text
          form={form}
          field="model"
          label="Model"
          mono
          autoFocus
          help={`As ${providerName(provider)} names it in its list of models.`}
        />
        <Text form={form} field="displayName" label="Name" optional help="What people choose it by." />
        <div className="grid grid-cols-2 gap-3">
          <Text
            form={form}
            field="contextLimit"
            label="Context window"
            trailing="tokens"
            placeholder="200,000"
          />
          <Text
            form={form}
            field="threshold"
            label="Compact at"
            trailing="%"
            help="How full it may get before the chat is summed up; 100 never does."
          />
        </div>
        <Prices form={form} />
        <div className="grid grid-cols-2 gap-3">
          <Text
            form={form}
            field="maxOutputTokens"
            label="Output at most"
            optional
            trailing="tokens"
            placeholder="32,000"
          />
          <Text form={form} field="temperature" label="Temperature" optional placeholder="Model’s own" />
        </div>
        <Disclosure label="More options">
          <OptionInputs form={form} providerType={provider.type} />
        </Disclosure>
      </form>
    </SideSheet>
  )
}

/** Without prices, what the model does counts as nothing; limits cannot hold it. */
function Prices({ form }: { readonly form: ModelForm }) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium">Dollars per million tokens</legend>
      <div className="grid grid-cols-2 gap-3">
        <Text form={form} field="inputPrice" label="Input" leading="$" placeholder="0.00" />
        <Text form={form} field="outputPrice" label="Output" leading="$" placeholder="0.00" />
        <Text form={form} field="cacheReadPrice" label="Read from cache" leading="$" placeholder="0.00" />
        <Text form={form} field="cacheWritePrice" label="Written to cache" leading="$" placeholder="0.00" />
      </div>
      <p className="mt-1.5 text-sm text-fg-3">
        What is left empty counts as nothing, so no limit of spending holds it.
      </p>
    </fieldset>
  )
}

interface TextProps extends Pick<ComponentProps<typeof Input>, 'mono' | 'autoFocus' | 'placeholder'> {
  readonly form: ModelForm
  readonly field: ModelTextField
  readonly label: string
  readonly leading?: string
  readonly trailing?: string
  readonly help?: ReactNode
  readonly optional?: boolean
}

function Text({ form, field, label, help, optional, leading, trailing, ...input }: TextProps) {
  const unit = (text: string | undefined) =>
    text === undefined ? undefined : <span className="text-sm text-fg-3">{text}</span>
  return (
    <Field label={label} help={help} optional={optional} error={form.error(field)}>
      <Input
        {...input}
        value={form.draft[field]}
        leading={unit(leading)}
        trailing={unit(trailing)}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => form.change(field, event.target.value)}
        onBlur={() => form.touch(field)}
      />
    </Field>
  )
}
