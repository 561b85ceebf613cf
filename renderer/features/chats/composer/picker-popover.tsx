import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { ChevronDownIcon } from '../../../ui/icons.tsx'
import { Popover } from '../../../ui/popover.tsx'

export interface PickerPopoverProps {
  /** What is chosen, for who does not see the button. */
  readonly label: string
  readonly icon: ReactNode
  /** What is chosen. */
  readonly text: ReactNode
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly children: ReactNode
}

/** A choice for the message: a quiet button that tells what is chosen, and above it what there is. */
export function PickerPopover({ label, icon, text, open, onOpenChange, children }: PickerPopoverProps) {
  return (
    <Popover
      side="top"
      open={open}
      onOpenChange={onOpenChange}
      flush
      className="w-80"
      trigger={
        <Button
          size="sm"
          variant="ghost"
          className="min-w-0 shrink"
          aria-label={label}
          icon={icon}
          trailing={<ChevronDownIcon className="size-3" />}
        >
          <span className="num cut">{text}</span>
        </Button>
      }
    >
      {children}
    </Popover>
  )
}
