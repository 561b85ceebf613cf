import { useEffect, useState, type ReactNode } from 'react'
import type { TrashItem } from '#bridge/contract/remote-files'
import { displayName, remoteBaseName, remoteParent } from '#bridge/contract/remote-names'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Trash2Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useFiles, type Workbench } from './files-services.ts'
import { sentenceOf } from './use-file-actions.ts'

export interface TrashButtonProps {
  readonly workbench: Workbench
  readonly icon: ReactNode
}

/** The way to the trash of the workspace. */
export function TrashButton({ workbench, icon }: TrashButtonProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton size="sm" label="Trash" icon={icon} onClick={() => setOpen(true)} />
      <Dialog open={isOpen} onOpenChange={setOpen} title="Trash of the workspace" size="lg">
        {isOpen ? <TrashList workbench={workbench} /> : null}
      </Dialog>
    </>
  )
}

/** More than anybody reads through; the newest are shown. */
const shownAtMost = 200

function TrashList({ workbench }: { readonly workbench: Workbench }) {
  const { place, browser } = workbench
  const client = useFiles().client
  const [items, setItems] = useState<readonly TrashItem[]>()
  const [problem, setProblem] = useState<string>()
  const [purging, setPurging] = useState<TrashItem>()
  useEffect(() => {
    const abort = new AbortController()
    const found: TrashItem[] = []
    client
      .ask(
        place,
        { op: 'list-trash' },
        {
          signal: abort.signal,
          onEvent: (event) => {
            if (event.kind === 'trash') found.push(...event.items)
          },
        },
      )
      .then(() => setItems(found.sort((a, b) => b.deletedAt.localeCompare(a.deletedAt))))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setProblem(sentenceOf(error))
      })
    return () => abort.abort()
  }, [client, place])
  const takeOff = ({ name }: TrashItem): void => setItems((all) => all?.filter((item) => item.name !== name))
  const restore = async (item: TrashItem): Promise<void> => {
    try {
      const { path } = await client.ask(place, { op: 'restore', name: item.name })
      takeOff(item)
      setProblem(undefined)
      void browser.refresh(remoteParent(path))
    } catch (error) {
      setProblem(sentenceOf(error))
    }
  }
  if (items === undefined && problem === undefined) return <SkeletonRows rows={4} label="Loading the trash" />
  return (
    <>
      {problem === undefined ? null : (
        <Notice tone="bad" className="mb-3">
          {problem}
        </Notice>
      )}
      {items?.length === 0 ? <p className="py-6 text-center text-fg-2">The trash is empty.</p> : null}
      <ul>
        {items?.slice(0, shownAtMost).map((item) => (
          <li key={item.name} className="flex items-center gap-3 border-b border-line py-2 last:border-0">
            <div className="min-w-0 flex-1">
              <div className="cut">{displayName(remoteBaseName(item.path))}</div>
              <div className="num cut text-sm text-fg-3">
                {displayName(remoteParent(item.path))} · {item.deletedAt.replace('T', ' ')}
              </div>
            </div>
            <Button size="sm" onClick={() => void restore(item)}>
              Put back
            </Button>
            <IconButton
              size="sm"
              variant="danger-ghost"
              label={`Delete ${displayName(remoteBaseName(item.path))} for good`}
              icon={<Trash2Icon />}
              onClick={() => setPurging(item)}
            />
          </li>
        ))}
      </ul>
      {items && items.length > shownAtMost ? (
        <p className="pt-3 text-sm text-fg-3">{items.length - shownAtMost} older ones are not shown.</p>
      ) : null}
      <ConfirmDialog
        open={purging !== undefined}
        onOpenChange={() => setPurging(undefined)}
        danger
        title={`Delete ${purging ? displayName(remoteBaseName(purging.path)) : ''} for good?`}
        description="This cannot be undone."
        confirmLabel="Delete for good"
        onConfirm={async () => {
          if (!purging) return
          await client.ask(place, { op: 'purge', name: purging.name })
          takeOff(purging)
        }}
      />
    </>
  )
}
