import type { ChatModelChoice } from '#ipc/chats'
import { plainText } from '../../../lib/plain-text.ts'
import { SparkleIcon } from '../../../ui/icons.tsx'
import { PickerPopover } from './picker-popover.tsx'
import { SearchList, type OptionGroup } from './search-list.tsx'

export interface ModelPickerProps {
  readonly models: readonly ChatModelChoice[]
  readonly unsupported: readonly string[]
  readonly value: string | undefined
  /** How hard the chosen one thought last. */
  readonly lastEffort: string | undefined
  readonly onChange: (configId: string) => void
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The model of the next turn, by provider; one that cannot be used says why. */
export function ModelPicker(props: ModelPickerProps) {
  const { models, unsupported, value, lastEffort, onChange, open, onOpenChange } = props
  const current = models.find(({ configId }) => configId === value)
  const name = current === undefined ? 'Choose a model' : modelName(current)
  const notes = [
    ...(lastEffort ? [`Reasoning effort of the last turn: ${plainText(lastEffort, 20)}.`] : []),
    ...(unsupported.length > 0
      ? [`Not usable for agents: ${unsupported.map((provider) => plainText(provider, 60)).join(', ')}.`]
      : []),
  ]
  return (
    <PickerPopover
      label={`Model: ${name}`}
      icon={<SparkleIcon />}
      text={name}
      open={open}
      onOpenChange={onOpenChange}
    >
      <SearchList
        label="Models"
        groups={groupsOf(models)}
        value={value}
        emptyText="No model fits."
        onSelect={(configId) => {
          onChange(configId)
          onOpenChange(false)
        }}
        footer={
          notes.length === 0
            ? undefined
            : notes.map((note) => (
                <p key={note} className="px-2 py-1 text-sm text-fg-3">
                  {note}
                </p>
              ))
        }
      />
    </PickerPopover>
  )
}

/** A model as it is called on the page. */
export function modelName({ displayName, model }: ChatModelChoice): string {
  return plainText(displayName || model, 60)
}

function groupsOf(models: readonly ChatModelChoice[]): readonly OptionGroup[] {
  const providers = [...new Set(models.map(({ provider }) => provider))]
  return providers.map((provider) => ({
    label: plainText(provider, 60),
    options: models
      .filter((model) => model.provider === provider)
      .map((model) => ({
        value: model.configId,
        label: modelName(model),
        description: model.unavailable === undefined ? undefined : plainText(model.unavailable, 200),
        detail: model.isDefault ? 'Default' : `${Math.round(model.contextLimit / 1000)}k`,
        disabled: model.unavailable !== undefined,
      })),
  }))
}
