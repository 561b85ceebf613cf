import { useId, useState, type SyntheticEvent } from 'react'
import type { AIProvider, AIProviderType } from '#bridge/contract/ai-providers'
import { hasCode } from '../../api/bridge-error.ts'
import { Button } from '../../ui/button.tsx'
import { RadioCards } from '../../ui/radio-cards.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { Failure } from './failure.tsx'
import { ProviderFields } from './provider-fields.tsx'
import { kindOf, providerKinds, providerName } from './provider-kinds.ts'
import { useProviderForm } from './use-provider-form.ts'

export interface ProviderSheetProps {
  readonly deploymentId: string
  readonly isOutpost: boolean
  /** Null: a new one. */
  readonly provider: AIProvider | null
  /** Names of providers there are. */
  readonly taken: readonly string[]
  readonly onClose: () => void
  readonly onSaved: (provider: AIProvider, isNew: boolean) => void
}

/** Adds or changes a provider. For a new one the kind is chosen first, since everything else follows from it. */
export function ProviderSheet(props: ProviderSheetProps) {
  const { provider } = props
  const [type, setType] = useState<AIProviderType>()
  const formId = useId()
  const form = useProviderForm(props)
  const isChoosing = provider === null && form.draft === undefined
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (isChoosing) {
      if (type !== undefined) form.choose(type)
      return
    }
    const element = event.currentTarget
    form.submit()
    // After the check has marked them, the first field in need gets the focus.
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  return (
    <SideSheet
      open
      onOpenChange={(open) => {
        if (!open) props.onClose()
      }}
      title={titleOf(provider, form.draft?.type)}
      dirty={form.isDirty}
      footer={
        <>
          {provider === null && form.draft !== undefined ? (
            <Button size="lg" variant="ghost" className="mr-auto" onClick={form.chooseAgain}>
              Another kind
            </Button>
          ) : null}
          <Button
            size="lg"
            type="submit"
            form={formId}
            variant="primary"
            loading={form.isSaving}
            disabled={isChoosing && type === undefined}
          >
            {isChoosing ? 'Continue' : provider === null ? 'Add provider' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={formId} noValidate className="flex flex-col gap-4" onSubmit={submit}>
        {form.failure === null ||
        isChoosing ||
        hasCode<'aiModels.createProvider'>(form.failure, 'name_taken') ? null : (
          <Failure
            title={provider === null ? 'The provider is not added' : 'The provider is not saved'}
            error={form.failure}
          />
        )}
        {form.draft === undefined ? (
          <div>
            <div className="mb-1.5 font-medium">Where the models run</div>
            <RadioCards
              aria-label="Where the models run"
              columns={1}
              options={kinds}
              value={type ?? null}
              onChange={setType}
            />
          </div>
        ) : (
          <ProviderFields provider={provider} draft={form.draft} form={form} />
        )}
      </form>
    </SideSheet>
  )
}

const kinds = providerKinds.map(({ type, label, description, isSupported }) => ({
  value: type,
  label,
  description,
  disabled: !isSupported,
}))

function titleOf(provider: AIProvider | null, type: AIProviderType | undefined): string {
  if (provider !== null) return providerName(provider)
  return type === undefined ? 'Add a provider' : `Add ${kindOf(type)?.label ?? type}`
}
