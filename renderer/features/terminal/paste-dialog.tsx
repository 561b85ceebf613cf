import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { CodeBlock } from '../../ui/code.tsx'
import { Dialog } from '../../ui/dialog.tsx'

export interface PendingPaste {
  readonly text: string
  readonly lines: number
}

export interface PasteDialogProps {
  readonly paste: PendingPaste | undefined
  readonly name: string
  readonly onCancel: () => void
  readonly onPaste: (text: string, neverAskAgain: boolean) => void
}

/** The shell would run each line at once: shows them first. */
export function PasteDialog({ paste, name, onCancel, onPaste }: PasteDialogProps) {
  const [never, setNever] = useState(false)
  return (
    <Dialog
      open={paste !== undefined}
      onOpenChange={(open) => {
        if (!open) onCancel()
      }}
      title={paste ? `Paste ${paste.lines === 1 ? 'a line that runs at once' : `${paste.lines} lines`}?` : ''}
      description={`The shell of ${name} runs each line as soon as it is pasted.`}
      footer={
        <>
          <Button onClick={onCancel}>Cancel</Button>
          <Button variant="primary" onClick={() => onPaste(paste?.text ?? '', never)}>
            Paste
          </Button>
        </>
      }
    >
      <CodeBlock>{paste?.text ?? ''}</CodeBlock>
      <div className="mt-3">
        <Checkbox
          checked={never}
          onChange={setNever}
          label="Do not ask again"
          help="You can turn it back on in the settings."
        />
      </div>
    </Dialog>
  )
}
