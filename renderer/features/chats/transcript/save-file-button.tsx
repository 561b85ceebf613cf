import { useState } from 'react'
import { IconButton } from '../../../ui/icon-button.tsx'
import { DownloadIcon } from '../../../ui/icons.tsx'
import { oneLine } from './hostile-text.ts'
import { useActions } from './transcript-actions.ts'

export interface SaveFileButtonProps {
  /** Undefined: the deployment does not keep it as a file. */
  readonly fileId: string | undefined
  readonly name: string
}

/** Saves a file of the chat on this computer, where that is possible. */
export function SaveFileButton({ fileId, name }: SaveFileButtonProps) {
  const { saveFile } = useActions()
  const [isBusy, setBusy] = useState(false)
  if (fileId === undefined || saveFile === undefined) return null
  return (
    <IconButton
      size="sm"
      label={`Save ${oneLine(name, 120)} as…`}
      icon={<DownloadIcon />}
      className="flex-none"
      loading={isBusy}
      onClick={() => {
        setBusy(true)
        void saveFile(fileId, name).finally(() => setBusy(false))
      }}
    />
  )
}
