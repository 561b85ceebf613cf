import { Slider as Kit } from '@base-ui/react/slider'

export interface SliderProps {
  readonly value: number
  readonly onChange: (value: number) => void
  readonly min: number
  readonly max: number
  readonly step?: number | undefined
  /** Words for a value: `50 GB`. */
  readonly format?: ((value: number) => string) | undefined
  readonly disabled?: boolean | undefined
  readonly 'aria-label'?: string | undefined
}

/** A number between two ends. Put the current value in the hint of its Field. */
export function Slider({
  value,
  onChange,
  min,
  max,
  step = 1,
  format = String,
  disabled,
  ...rest
}: SliderProps) {
  return (
    <Kit.Root
      value={value}
      onValueChange={onChange}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      className="w-full data-disabled:opacity-50"
    >
      <Kit.Control className="flex h-6 items-center no-drag">
        <Kit.Track className="relative h-1 w-full rounded-full bg-track">
          <Kit.Indicator className="rounded-full bg-accent" />
          <Kit.Thumb
            aria-label={rest['aria-label']}
            getAriaValueText={(_formatted, number) => format(number)}
            className="size-4 rounded-full border-2 border-accent bg-page has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-1"
          />
        </Kit.Track>
      </Kit.Control>
      <div className="num flex justify-between text-sm text-fg-3" aria-hidden="true">
        <span>{format(min)}</span>
        <span>{format(max)}</span>
      </div>
    </Kit.Root>
  )
}
