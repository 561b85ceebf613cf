import { Popover as Kit } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { floatSurface } from './option-row.tsx'

export interface PopoverProps {
  /** The button that opens it; it must take a ref and props. */
  readonly trigger: ReactElement
  readonly title?: ReactNode
  readonly children: ReactNode
  readonly side?: 'top' | 'bottom' | 'left' | 'right' | undefined
  readonly align?: 'start' | 'center' | 'end' | undefined
  readonly open?: boolean | undefined
  readonly onOpenChange?: ((open: boolean) => void) | undefined
  /** Its content brings its own edges: a list with a search. */
  readonly flush?: boolean | undefined
  readonly className?: string | undefined
}

/** A small panel beside what it belongs to, for detail or a short form. */
export function Popover({
  trigger,
  title,
  children,
  side = 'bottom',
  align = 'start',
  open,
  onOpenChange,
  flush = false,
  className,
}: PopoverProps) {
  return (
    <Kit.Root {...(open === undefined ? {} : { open })} onOpenChange={onOpenChange}>
      <Kit.Trigger render={trigger} />
      <Kit.Portal>
        <Kit.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="z-60">
          <Kit.Popup
            className={classNames(
              floatSurface,
              'w-72 max-w-(--available-width)',
              flush ? 'p-0' : 'p-3',
              className,
            )}
          >
            {title ? <Kit.Title className="mb-1 font-semibold">{title}</Kit.Title> : null}
            {children}
          </Kit.Popup>
        </Kit.Positioner>
      </Kit.Portal>
    </Kit.Root>
  )
}
