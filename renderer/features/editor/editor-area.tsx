import { Suspense, useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { displayName, remoteBaseName } from '#bridge/contract/remote-names'
import { useCommands } from '../../lib/commands/command-store.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FileIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { DocumentView } from './document-view.tsx'
import { EditorTabs } from './editor-tabs.tsx'
import type { OpenDocuments } from './open-documents.ts'

export interface EditorAreaProps {
  readonly documents: OpenDocuments
  /** For what cannot be shown as text. */
  readonly onDownload: (path: string) => void
}

/** The open files as tabs, and the one in front. */
export function EditorArea({ documents, onDownload }: EditorAreaProps) {
  const { documents: all, activeId } = useStore(documents.store)
  const active = all.find(({ id }) => id === activeId) ?? all[0]
  const [closing, setClosing] = useState<string>()
  const closingOne = all.find(({ id }) => id === closing)
  const close = (id: string): void => closeOrAsk(documents, id, setClosing)
  useEditorCommands(documents, active?.id, setClosing)
  useEffect(() => {
    const flush = (): void => documents.flush()
    window.addEventListener('pagehide', flush)
    return () => {
      flush()
      window.removeEventListener('pagehide', flush)
    }
  }, [documents])
  if (!active) return null
  return (
    <section aria-label="Editor" className="flex h-full min-h-0 min-w-0 flex-col">
      <EditorTabs documents={documents} active={active} onClose={close} />
      <Suspense fallback={<SkeletonRows rows={8} label="Loading the editor" />}>
        <DocumentView key={active.id} documents={documents} document={active} onDownload={onDownload} />
      </Suspense>
      <CloseDialog
        name={closingOne ? displayName(remoteBaseName(closingOne.path)) : undefined}
        onKeep={() => setClosing(undefined)}
        onThrowAway={() => {
          if (closing !== undefined) documents.close(closing)
          setClosing(undefined)
        }}
        onSave={async () => {
          const id = closing
          setClosing(undefined)
          if (id !== undefined && (await documents.save(id))) documents.close(id)
        }}
      />
    </section>
  )
}

function closeOrAsk(documents: OpenDocuments, id: string, ask: (id: string) => void): void {
  if (documents.store.getState().documents.find((each) => each.id === id)?.isDirty) ask(id)
  else documents.close(id)
}

/** What keys and palette do with the file in front. */
function useEditorCommands(
  documents: OpenDocuments,
  frontId: string | undefined,
  ask: (id: string) => void,
): void {
  useCommands(
    useMemo(() => {
      if (frontId === undefined) return []
      const shared = { group: 'Editor', icon: <FileIcon /> }
      return [
        {
          ...shared,
          id: 'editor.save',
          title: 'Save the file',
          keys: 'Mod+S',
          run: () => void documents.save(frontId),
        },
        {
          ...shared,
          id: 'editor.save-all',
          title: 'Save all files',
          keys: 'Mod+Alt+S',
          run: () => void documents.saveAll(),
        },
        {
          ...shared,
          id: 'editor.close',
          title: 'Close the file',
          keys: 'Mod+F4',
          run: () => closeOrAsk(documents, frontId, ask),
        },
      ]
    }, [documents, frontId, ask]),
  )
}

interface CloseDialogProps {
  /** Of the file that is to be closed. */
  readonly name: string | undefined
  readonly onKeep: () => void
  readonly onThrowAway: () => void
  readonly onSave: () => Promise<void>
}

function CloseDialog({ name, onKeep, onThrowAway, onSave }: CloseDialogProps) {
  return (
    <Dialog
      open={name !== undefined}
      onOpenChange={onKeep}
      size="sm"
      title={`Save ${name ?? ''} before closing it?`}
      footer={
        <>
          <Button onClick={onKeep}>Keep editing</Button>
          <Button variant="danger" onClick={onThrowAway}>
            Throw away
          </Button>
          <Button variant="primary" onClick={() => void onSave()}>
            Save and close
          </Button>
        </>
      }
    >
      <p className="text-fg-2">It has changes that are not on the workspace yet.</p>
    </Dialog>
  )
}
