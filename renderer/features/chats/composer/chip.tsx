import type { ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { XIcon } from '../../../ui/icons.tsx'

export interface ChipProps {
  readonly icon: ReactNode
  readonly tone?: 'plain' | 'bad' | 'accent'
  readonly title?: string | undefined
  /** Buttons before the one that removes. */
  readonly actions?: ReactNode
  readonly removeLabel: string
  readonly onRemove: () => void
  readonly children: ReactNode
}

const tones = {
  plain: 'ring-line-strong text-fg-2',
  bad: 'ring-bad text-bad-fg',
  accent: 'ring-transparent bg-accent-soft text-accent-fg',
}

/** Something that goes along with the message, and can be taken away. */
export function Chip({ icon, tone = 'plain', title, actions, removeLabel, onRemove, children }: ChipProps) {
  return (
    <span
      title={title}
      className={classNames(
        'inline-flex h-6 max-w-full min-w-0 items-center gap-1 rounded-sm pl-1.5 text-sm font-medium whitespace-nowrap ring-1 ring-inset [&>.lucide]:size-3',
        tones[tone],
      )}
    >
      {icon}
      <span className="cut">{children}</span>
      {actions}
      <ChipButton label={removeLabel} icon={<XIcon className="size-3" />} onClick={onRemove} />
    </span>
  )
}

/** A small button inside a chip; smaller than this it is hard to hit (WCAG 2.5.8). */
export function ChipButton(props: {
  readonly label: string
  readonly icon: ReactNode
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      className="grid size-6 flex-none place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg"
      onClick={props.onClick}
    >
      {props.icon}
    </button>
  )
}
