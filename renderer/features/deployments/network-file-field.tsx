import { useId } from 'react'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { FileIcon, XIcon } from '../../ui/icons.tsx'
import type { DraftFile, FilePurpose } from './network-draft.ts'

export interface NetworkFileFieldProps {
  readonly purpose: FilePurpose
  readonly label: string
  readonly help: string
  readonly value: DraftFile
  readonly onChange: (value: DraftFile) => void
}

/** A file on this computer, chosen in the system's dialog. The page learns its name and nothing of what is in it. */
export function NetworkFileField({ purpose, label, help, value, onChange }: NetworkFileFieldProps) {
  const id = useId()
  const choose = useChange('deploymentNetwork.choose')
  const isSet = value.choice.kind !== 'none'
  return (
    <div role="group" aria-labelledby={`${id}-label`} aria-describedby={`${id}-help`}>
      <div id={`${id}-label`} className="mb-1.5 font-medium">
        {label}
      </div>
      <div className="flex items-center gap-2">
        <div className="flex min-w-0 flex-1 items-center gap-1.5 text-fg-2">
          <FileIcon className="size-3.5 flex-none" />
          <span className="cut code-text copyable">{isSet ? value.name : 'None'}</span>
        </div>
        {isSet ? (
          <IconButton
            size="sm"
            label={`Leave out: ${label}`}
            icon={<XIcon />}
            onClick={() => onChange({ choice: { kind: 'none' }, name: '' })}
          />
        ) : null}
        <Button
          aria-label={`Choose: ${label}`}
          loading={choose.isPending}
          onClick={() =>
            choose.mutate(
              { purpose },
              {
                onSuccess: (chosen) => {
                  if (chosen) onChange({ choice: { kind: 'chosen', id: chosen.id }, name: chosen.name })
                },
              },
            )
          }
        >
          Choose…
        </Button>
      </div>
      <p id={`${id}-help`} className="mt-1 text-sm text-fg-3">
        {choose.error ? errorWords(choose.error).message : help}
      </p>
    </div>
  )
}
