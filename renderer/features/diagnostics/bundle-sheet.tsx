import { useState } from 'react'
import type { BundleFile } from '#ipc/diagnostics'
import { errorWords } from '../../api/error-words.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'

export interface BundleSheetProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** What would go into a support bundle, looked at before it is saved. */
export function BundleSheet({ open, onOpenChange }: BundleSheetProps) {
  const [leaveOutHosts, setLeaveOutHosts] = useState(false)
  const save = useChange('diagnostics.saveBundle')
  const saveNow = () =>
    save.mutate(
      { leaveOutHosts },
      {
        onSuccess: ({ saved }) => {
          if (!saved) return
          toast({ tone: 'ok', title: 'The support bundle is saved' })
          onOpenChange(false)
        },
      },
    )
  return (
    <SideSheet
      open={open}
      onOpenChange={onOpenChange}
      width="lg"
      title="Support bundle"
      description="A zip file for whoever helps you. It stays on this computer until you send it."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Close</Button>
          <Button variant="primary" loading={save.isPending} onClick={saveNow}>
            Save…
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Checkbox
          checked={leaveOutHosts}
          onChange={setLeaveOutHosts}
          label="Leave out host names"
          help="Names and addresses become host-1, host-2, and so on. Deployments lose their names too."
        />
        {save.error ? <Notice tone="bad">{errorWords(save.error).message}</Notice> : null}
        {open ? <Preview leaveOutHosts={leaveOutHosts} /> : null}
      </div>
    </SideSheet>
  )
}

function Preview({ leaveOutHosts }: { readonly leaveOutHosts: boolean }) {
  const preview = useRead('diagnostics.previewBundle', { leaveOutHosts })
  if (preview.isError) {
    const { message, detail } = errorWords(preview.error)
    return (
      <ErrorState
        title="The bundle cannot be put together"
        details={detail}
        actions={<Button onClick={() => void preview.refetch()}>Try again</Button>}
      >
        {message}
      </ErrorState>
    )
  }
  if (!preview.data) return <SkeletonRows rows={8} label="Putting the bundle together" />
  const { files, secretsMasked, note } = preview.data
  return (
    <>
      {note === null ? null : <Notice tone="warn">{note}</Notice>}
      <p className="text-fg-2">
        {maskedWords(secretsMasked)} Terminal contents are never in it. Open a file to see how it begins.
      </p>
      <ul aria-label="Files of the bundle" className="rounded-lg border border-line-strong bg-card">
        {files.map((file) => (
          <li key={file.name} className="border-line not-last:border-b">
            <FileRow file={file} />
          </li>
        ))}
      </ul>
    </>
  )
}

function FileRow({ file: { name, about, bytes, text } }: { readonly file: BundleFile }) {
  return (
    <details className="group">
      <summary className="flex min-h-9 items-center gap-3 px-3.5 py-1.5 hover:bg-hover">
        <span className="w-36 flex-none cut font-mono text-sm">{name}</span>
        <span className="min-w-0 flex-1 cut text-fg-2">{about}</span>
        <span className="num flex-none text-sm text-fg-3">{formatBytes(bytes)}</span>
      </summary>
      <pre
        tabIndex={0}
        aria-label={`The beginning of ${name}`}
        className="max-h-60 overflow-auto border-t border-line bg-sunken px-3.5 py-2 code-text break-words whitespace-pre-wrap copyable"
      >
        {text === '' ? 'Nothing yet.' : text}
      </pre>
    </details>
  )
}

function maskedWords(count: number): string {
  if (count === 0) return 'Anything that looks like a secret is masked.'
  const known = count === 1 ? '1 value of your vaults' : `${count} values of your vaults`
  return `${known} and anything that looks like a secret are masked.`
}
