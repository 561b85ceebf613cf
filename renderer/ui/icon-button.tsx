import type { ReactNode } from 'react'
import { Button, type ButtonProps } from './button.tsx'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<
  ButtonProps,
  'children' | 'icon' | 'trailing' | 'square' | 'aria-label'
> {
  /** Its name for screen readers, and the tooltip. */
  readonly label: string
  readonly icon: ReactNode
  /** For a button that stays on: shown as pressed. */
  readonly pressed?: boolean | undefined
  /** A dot at the corner: something new waits behind it. Say it in the label too. */
  readonly dot?: boolean | undefined
  readonly keys?: string | undefined
  readonly tooltipSide?: 'top' | 'bottom' | 'left' | 'right' | undefined
}

/** A square button with an icon, a name and a tooltip. */
export function IconButton({
  label,
  icon,
  pressed,
  dot,
  keys,
  tooltipSide,
  variant = 'ghost',
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} keys={keys} side={tooltipSide}>
      <Button
        square
        variant={variant}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        icon={
          dot ? (
            <span className="relative inline-grid">
              {icon}
              <span className="absolute -top-[3px] -right-[3px] size-2 rounded-full bg-accent ring-2 ring-frame" />
            </span>
          ) : (
            icon
          )
        }
        {...rest}
      />
    </Tooltip>
  )
}
