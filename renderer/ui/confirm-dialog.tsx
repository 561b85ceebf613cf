import { AlertDialog as Kit } from '@base-ui/react/alert-dialog'
import { useState, type SyntheticEvent, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Code } from './code.tsx'
import { Field } from './field.tsx'
import { Input } from './input.tsx'
import { Notice } from './notice.tsx'
import { matchesTypedName } from './typed-name.ts'

export interface ConfirmDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** Names the thing: `Delete ledger-migrations?` */
  readonly title: string
  /** What happens, in one or two sentences. */
  readonly description?: ReactNode
  readonly confirmLabel: string
  readonly cancelLabel?: string | undefined
  readonly danger?: boolean | undefined
  /** The name to type before the button works, for what cannot be undone. */
  readonly typedName?: string | undefined
  /** Stays open and busy until it settles; a rejection is shown in place by its message. */
  readonly onConfirm: () => void | Promise<void>
}

/** Asks before something is done; with a typed name before something is lost for good. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Kit.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Kit.Portal>
        <Kit.Backdrop forceRender className="scrim fixed inset-0 z-60 bg-scrim no-drag" />
        <Kit.Viewport className="fixed inset-0 z-60 grid place-items-center p-6">
          <Kit.Popup className="layer w-[400px] max-w-full rounded-lg bg-float p-4 text-fg shadow-float outline-none no-drag">
            <ConfirmForm {...props} />
          </Kit.Popup>
        </Kit.Viewport>
      </Kit.Portal>
    </Kit.Root>
  )
}

/** Mounted with the popup, so that what was typed is empty again the next time. */
function ConfirmForm({
  onOpenChange,
  title,
  description,
  confirmLabel,
  cancelLabel = 'Cancel',
  danger = false,
  typedName,
  onConfirm,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const ready = typedName === undefined || matchesTypedName(typed, typedName)

  const confirm = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await onConfirm()
      onOpenChange(false)
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault()
    // React's events go up to the form that opened the dialog, though it lies elsewhere on the page.
    event.stopPropagation()
    if (ready && !busy) void confirm()
  }

  return (
    <form onSubmit={onSubmit}>
      <Kit.Title className="text-lg font-semibold">{title}</Kit.Title>
      {description ? <Kit.Description className="mt-0.5 text-fg-2">{description}</Kit.Description> : null}
      {typedName === undefined ? null : (
        <Field
          className="mt-3"
          label={
            <>
              Type <Code>{typedName}</Code>
            </>
          }
        >
          <Input
            mono
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
            }}
            autoComplete="off"
            spellCheck={false}
            autoFocus
          />
        </Field>
      )}
      {failure === null ? null : (
        <Notice tone="bad" className="mt-3">
          {failure}
        </Notice>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Kit.Close render={<Button>{cancelLabel}</Button>} disabled={busy} />
        <Button type="submit" variant={danger ? 'danger' : 'primary'} disabled={!ready} loading={busy}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
