import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'

/** A new name for a deployment, in place of its row. */
export function RenameForm(props: { readonly deployment: Deployment; readonly onClose: () => void }) {
  const { deployment, onClose } = props
  const [name, setName] = useState(deployment.name)
  const rename = useChange('deployments.rename')
  const isEmpty = name.trim() === ''
  return (
    <form
      className="flex flex-1 items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isEmpty)
          rename.mutate({ deploymentId: deployment.id, name: name.trim() }, { onSuccess: onClose })
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <Field
        className="flex-1"
        hideLabel
        label={`Name of ${deployment.url}`}
        error={
          isEmpty ? 'A deployment needs a name.' : rename.error ? errorWords(rename.error).message : undefined
        }
      >
        <Input autoFocus value={name} maxLength={64} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Button size="lg" onClick={onClose}>
        Cancel
      </Button>
      <Button size="lg" type="submit" variant="primary" loading={rename.isPending}>
        Rename
      </Button>
    </form>
  )
}
