import { useState } from 'react'
import { useApi } from '../../api/api-context.tsx'
import { failedWith } from '../../api/files-client.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'

export interface RootDialogProps {
  readonly open: boolean
  readonly name: string
  /** `null`: without a password. Rejects with what sudo said. */
  readonly onSave: (password: string | null) => Promise<unknown>
  readonly onClose: () => void
}

/** Saves by sudo. A password is asked for where sudo wants one; it is used once and kept nowhere. */
export function RootDialog({ open, name, onSave, onClose }: RootDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onClose} size="sm" title="Save as root" description={name}>
      {open ? <RootForm onSave={onSave} onClose={onClose} /> : null}
    </Dialog>
  )
}

function RootForm({ onSave, onClose }: Pick<RootDialogProps, 'onSave' | 'onClose'>) {
  const { client } = useApi()
  const [password, setPassword] = useState('')
  const [asks, setAsks] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ readonly isPassword: boolean; readonly message: string }>()
  const save = async (): Promise<void> => {
    const used = asks ? password : null
    // Gone from here before it is used: a second try has to type it again.
    setPassword('')
    setProblem(undefined)
    setBusy(true)
    try {
      await onSave(used)
      onClose()
    } catch (error) {
      if (failedWith(error, 'password_needed')) setAsks(true)
      else {
        const message = error instanceof Error ? error.message : String(error)
        setProblem({ isPassword: failedWith(error, 'wrong_password'), message })
      }
    }
    setBusy(false)
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isBusy && (!asks || password !== '')) void save()
      }}
    >
      {asks ? (
        <Field
          label="Your password on the workspace"
          help="sudo asks for it. It is used for this one save and kept nowhere."
          error={problem?.isPassword ? problem.message : undefined}
        >
          <SecretInput
            autoFocus
            maxLength={1024}
            value={password}
            onChange={setPassword}
            readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
          />
        </Field>
      ) : (
        <p className="text-fg-2">
          The file is written by sudo. Its owner and permissions stay as they are. If sudo wants your
          password, you are asked for it.
        </p>
      )}
      {problem && !problem.isPassword ? <Notice tone="bad">{problem.message}</Notice> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isBusy} disabled={asks && password === ''}>
          Save as root
        </Button>
      </div>
    </form>
  )
}
