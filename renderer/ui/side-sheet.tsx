import { Dialog as Kit } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { DiscardDialog, scrim } from './dialog.tsx'
import { IconButton } from './icon-button.tsx'
import { XIcon } from './icons.tsx'
import { useGuardedClose } from './use-guarded-close.ts'

export interface SideSheetProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: ReactNode
  readonly description?: ReactNode
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly width?: 'md' | 'lg' | undefined
  /** Something typed would be lost: closing asks first. */
  readonly dirty?: boolean | undefined
}

/** A form or detail that slides in from the right, over the page it belongs to. */
export function SideSheet({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  width = 'md',
  dirty = false,
}: SideSheetProps) {
  const guard = useGuardedClose(dirty, onOpenChange)
  return (
    <Kit.Root open={open} onOpenChange={guard.onOpenChange}>
      <Kit.Portal>
        <Kit.Backdrop className={scrim} />
        <Kit.Viewport className="fixed inset-0 z-50 flex justify-end pt-(--h-titlebar)">
          <Kit.Popup
            className={classNames(
              'sheet flex h-full max-w-full flex-col rounded-l-lg bg-page text-fg shadow-float outline-none no-drag',
              width === 'md' ? 'w-[440px]' : 'w-[640px]',
            )}
          >
            <header className="flex min-h-12 items-start gap-2 border-b border-line py-3 pr-3 pl-5">
              <div className="min-w-0 flex-1">
                <Kit.Title className="cut text-lg font-semibold">{title}</Kit.Title>
                {description ? <Kit.Description className="text-fg-2">{description}</Kit.Description> : null}
              </div>
              <Kit.Close render={<IconButton label="Close" keys="Escape" size="sm" icon={<XIcon />} />} />
            </header>
            <div className="min-h-0 flex-1 overflow-auto px-5 py-4">{children}</div>
            {footer ? (
              <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
                {footer}
              </footer>
            ) : null}
          </Kit.Popup>
        </Kit.Viewport>
      </Kit.Portal>
      <DiscardDialog open={guard.asking} onKeep={guard.keep} onDiscard={guard.discard} />
    </Kit.Root>
  )
}
