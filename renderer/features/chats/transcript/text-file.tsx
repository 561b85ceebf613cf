import { useMemo, useState, type ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/code.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { cutText, oneLine } from './hostile-text.ts'
import { PlainText } from './long-text.tsx'
import { fileText, useFile, type FileState } from './use-file.ts'

/** As much of a text as is drawn; the saved file has all of it. */
const maxShownCharacters = 300_000

export interface TextFileProps {
  readonly fileId: string | undefined
  readonly name: string
  readonly mediaType: string | undefined
  readonly data: string | undefined
  /** What is clicked. */
  readonly children: ReactNode
}

/** A file that is text; a click shows it large, as it is: nothing in it is drawn as anything else. */
export function TextFile({ fileId, name, mediaType, data, children }: TextFileProps) {
  const [isLarge, setLarge] = useState(false)
  const shown = oneLine(name, 120)
  const read = useFile(isLarge && data === undefined ? fileId : undefined)
  const inline = useMemo<FileState | undefined>(
    () => (data === undefined ? undefined : { kind: 'loaded', file: { mediaType: mediaType ?? '', data } }),
    [data, mediaType],
  )
  const state = inline ?? read
  const file = isLarge && state?.kind === 'loaded' ? state.file : undefined
  // A conversation is drawn over and over while it grows, and this one may be ten megabytes.
  const text = useMemo(() => (file === undefined ? '' : fileText(file)), [file])
  return (
    <>
      <button
        type="button"
        title={shown}
        aria-label={`Show ${shown}`}
        className="flex max-w-full min-w-0 rounded-sm hover:bg-hover"
        onClick={() => setLarge(true)}
      >
        {children}
      </button>
      <Dialog
        open={isLarge}
        onOpenChange={setLarge}
        title={shown}
        size="xl"
        actions={text === '' ? undefined : <CopyButton text={text} label="Copy the text" />}
      >
        {isLarge && state !== undefined ? <TextBody state={state} text={text} /> : null}
      </Dialog>
    </>
  )
}

function TextBody({ state, text }: { readonly state: FileState; readonly text: string }) {
  if (state.kind === 'loading') return <SkeletonRows rows={8} label="Reading the file" />
  if (state.kind === 'failed') {
    return (
      <Notice
        tone="bad"
        actions={
          <Button size="sm" onClick={state.retry}>
            Try again
          </Button>
        }
      >
        {state.message}
      </Notice>
    )
  }
  if (text === '') return <p className="text-fg-3">The file is empty.</p>
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <PlainText
        text={cutText(text, maxShownCharacters)}
        className="max-h-[calc(100vh-160px)] rounded-md border border-line-strong bg-sunken"
      />
      {text.length > maxShownCharacters ? (
        <p className="text-sm text-fg-3">Shown in part: save the file for all of it.</p>
      ) : null}
    </div>
  )
}
