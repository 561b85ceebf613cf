import { use, useState } from 'react'
import { displayName, remoteBaseName } from '#bridge/contract/remote-names'
import { formatBytes } from '../../lib/bytes.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { DownloadIcon, FileIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { ConflictView } from './conflict-view.tsx'
import { DocumentNotices } from './document-notices.tsx'
import type { OpenDocument } from './document-state.ts'
import type { CursorPlace } from './editor-kit.ts'
import type { OpenDocuments } from './open-documents.ts'
import { RootDialog } from './root-dialog.tsx'
import { StatusLine } from './status-line.tsx'
import { TextPane } from './text-pane.tsx'

export interface DocumentViewProps {
  readonly documents: OpenDocuments
  readonly document: OpenDocument
  readonly onDownload: (path: string) => void
}

/** One open file in each of its states. Needs a Suspense above it. */
export function DocumentView({ documents, document, onDownload }: DocumentViewProps) {
  const { content, path } = document
  const name = displayName(remoteBaseName(path))
  const download = (
    <Button icon={<DownloadIcon />} onClick={() => onDownload(path)}>
      Download
    </Button>
  )
  switch (content.kind) {
    case 'loading':
      return <SkeletonRows rows={8} label={`Loading ${name}`} />
    case 'failed':
      return (
        <div className="p-4">
          <ErrorState
            title={`${name} cannot be opened`}
            actions={
              <>
                <Button onClick={() => documents.reload(document.id)}>Try again</Button>
                {download}
              </>
            }
          >
            {content.message}
          </ErrorState>
        </div>
      )
    case 'binary':
      return (
        <EmptyState icon={<FileIcon />} title={`${name} is not text`} actions={download}>
          It has {formatBytes(content.size)} that only other programs can read.
        </EmptyState>
      )
    case 'text':
      return <TextView documents={documents} document={document} onDownload={() => onDownload(path)} />
  }
}

interface TextViewProps {
  readonly documents: OpenDocuments
  readonly document: OpenDocument
  readonly onDownload: () => void
}

function TextView({ documents, document, onDownload }: TextViewProps) {
  const kit = use(documents.kit())
  const [cursor, setCursor] = useState<CursorPlace>({ line: 1, column: 1 })
  const [isAskingRoot, setAskingRoot] = useState(false)
  const { content, conflict, id } = document
  if (content.kind !== 'text') return null
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {conflict ? (
        <ConflictView
          key={conflict.current?.sha256 ?? 'gone'}
          kit={kit}
          documents={documents}
          document={document}
          content={content}
          conflict={conflict}
        />
      ) : (
        <>
          <DocumentNotices
            documents={documents}
            document={document}
            content={content}
            onSaveAsRoot={() => setAskingRoot(true)}
            onDownload={onDownload}
          />
          <TextPane kit={kit} document={document} content={content} onCursor={setCursor} />
          <StatusLine kit={kit} documents={documents} document={document} content={content} cursor={cursor} />
        </>
      )}
      <RootDialog
        key={isAskingRoot ? id : ''}
        open={isAskingRoot}
        name={displayName(document.path)}
        onSave={async (password) => documents.save(id, { rootPassword: password })}
        onClose={() => setAskingRoot(false)}
      />
    </div>
  )
}
