import { Dialog as Kit } from '@base-ui/react/dialog'
import type { KeyboardEvent, ReactNode, RefObject } from 'react'
import { classNames } from '../lib/class-names.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { IconButton } from './icon-button.tsx'
import { XIcon } from './icons.tsx'
import { useGuardedClose } from './use-guarded-close.ts'

export interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: ReactNode
  readonly description?: ReactNode
  readonly children?: ReactNode
  /** The buttons, the main one last. */
  readonly footer?: ReactNode
  /** `xl`: for long texts. `fit`: as wide as what it holds, up to the window. */
  readonly size?: 'sm' | 'md' | 'lg' | 'xl' | 'fit' | undefined
  /** In the head, before Close. */
  readonly actions?: ReactNode
  /** Keys that hold wherever the focus is in it. */
  readonly onKeyDown?: ((event: KeyboardEvent) => void) | undefined
  /** Something typed would be lost: closing asks first. */
  readonly dirty?: boolean | undefined
  /** Where the focus starts; else the first control. */
  readonly initialFocus?: RefObject<HTMLElement | null> | undefined
}

const widths = {
  sm: 'w-[400px]',
  md: 'w-[520px]',
  lg: 'w-[720px]',
  xl: 'w-[1100px]',
  fit: 'w-fit min-w-[320px]',
}

/** The dark layer behind a dialog or sheet. */
export const scrim = 'scrim fixed inset-0 z-40 bg-scrim no-drag'

/** A dialog. Rare on purpose: first think of an inline form or a SideSheet. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = 'md',
  actions,
  onKeyDown,
  dirty = false,
  initialFocus,
}: DialogProps) {
  const guard = useGuardedClose(dirty, onOpenChange)
  return (
    <Kit.Root open={open} onOpenChange={guard.onOpenChange}>
      <Kit.Portal>
        <Kit.Backdrop className={scrim} />
        <Kit.Viewport className="fixed inset-0 z-50 grid place-items-center p-6">
          <Kit.Popup
            {...(initialFocus ? { initialFocus } : {})}
            onKeyDown={onKeyDown}
            className={classNames(
              'layer flex max-h-full max-w-full flex-col rounded-lg bg-float text-fg shadow-float outline-none no-drag',
              widths[size],
            )}
          >
            <header className="flex items-start gap-2 pt-4 pr-3 pl-5">
              <div className="min-w-0 flex-1">
                <Kit.Title className="text-lg font-semibold">{title}</Kit.Title>
                {description ? (
                  <Kit.Description className="mt-0.5 text-fg-2">{description}</Kit.Description>
                ) : null}
              </div>
              {actions}
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

/** Asks before typed input is thrown away. */
export function DiscardDialog(props: {
  readonly open: boolean
  readonly onKeep: () => void
  readonly onDiscard: () => void
}) {
  return (
    <ConfirmDialog
      open={props.open}
      onOpenChange={(next) => {
        if (!next) props.onKeep()
      }}
      title="Discard what you typed?"
      description="It is not saved anywhere."
      cancelLabel="Keep editing"
      confirmLabel="Discard"
      danger
      onConfirm={props.onDiscard}
    />
  )
}
