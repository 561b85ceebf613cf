import { useState, type DragEvent, type ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'

export interface DropFrameProps {
  readonly onFiles: (files: readonly File[]) => void
  readonly children: ReactNode
}

/** The edge around what is written; files can be dropped there. */
export function DropFrame({ onFiles, children }: DropFrameProps) {
  const [isOver, setOver] = useState(false)
  const onDrag = (event: DragEvent, over: boolean): void => {
    // Text that is dragged belongs to the field.
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(over)
  }
  return (
    <div
      className={classNames(
        'rounded-lg border border-line-ui bg-card has-[textarea:focus]:border-ring',
        isOver && 'outline-2 outline-ring',
      )}
      onDragOver={(event) => onDrag(event, true)}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        onDrag(event, false)
        onFiles([...event.dataTransfer.files])
      }}
    >
      {children}
    </div>
  )
}
