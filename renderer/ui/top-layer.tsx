import { Dialog as Kit } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

export interface TopLayerProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** Its name for screen readers. */
  readonly label: string
  readonly children: ReactNode
}

/** A panel near the top of the window that holds the focus while it shows: the command palette. */
export function TopLayer({ open, onOpenChange, label, children }: TopLayerProps) {
  return (
    <Kit.Root open={open} onOpenChange={onOpenChange}>
      <Kit.Portal>
        <Kit.Backdrop className="scrim fixed inset-0 z-40 no-drag" />
        <Kit.Viewport className="pointer-events-none fixed inset-0 z-60 flex items-start justify-center px-6 pt-[10vh] pb-6">
          <Kit.Popup
            aria-label={label}
            className="layer pointer-events-auto flex max-h-[min(440px,100%)] w-[640px] max-w-full flex-col overflow-hidden rounded-lg bg-float text-fg shadow-float outline-none no-drag"
          >
            {children}
          </Kit.Popup>
        </Kit.Viewport>
      </Kit.Portal>
    </Kit.Root>
  )
}
