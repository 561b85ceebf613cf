import { BrainIcon } from '../../../ui/icons.tsx'
import { effortName, unsaid } from '../effort-words.ts'
import { PickerPopover } from './picker-popover.tsx'
import { SearchList } from './search-list.tsx'

export interface EffortPickerProps {
  /** As the deployment names them, in its order. */
  readonly efforts: readonly string[]
  readonly value: string | undefined
  /** What the model does unasked, where that is told. */
  readonly usual: string | undefined
  /** Nothing may be said of it as well. */
  readonly canBeUnsaid: boolean
  readonly onChange: (effort: string) => void
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** How hard the model is asked to think; nothing where that cannot be asked for. */
export function EffortPicker(props: EffortPickerProps) {
  const { efforts, value, usual, canBeUnsaid, onChange, open, onOpenChange } = props
  if (efforts.length === 0) return null
  const name = effortName(value ?? unsaid)
  return (
    <PickerPopover
      label={`Reasoning effort: ${name}`}
      icon={<BrainIcon />}
      text={name}
      open={open}
      onOpenChange={onOpenChange}
    >
      <SearchList
        label="Reasoning efforts"
        value={value ?? unsaid}
        emptyText="No effort fits."
        groups={[
          {
            label: 'Reasoning effort',
            options: [...(canBeUnsaid ? [unsaid] : []), ...efforts].map((effort) => ({
              value: effort,
              label: effortName(effort),
              detail: effort === usual ? 'Default' : undefined,
            })),
          },
        ]}
        onSelect={(effort) => {
          onChange(effort)
          onOpenChange(false)
        }}
      />
    </PickerPopover>
  )
}
