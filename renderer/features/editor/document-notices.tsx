import { displayName, remoteBaseName } from '#bridge/contract/remote-names'
import { formatBytes } from '../../lib/bytes.ts'
import { Button } from '../../ui/button.tsx'
import { Banner } from '../../ui/notice.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { editMaxBytes, type OpenDocument, type TextContent } from './document-state.ts'
import type { OpenDocuments } from './open-documents.ts'

export interface DocumentNoticesProps {
  readonly documents: OpenDocuments
  readonly document: OpenDocument
  readonly content: TextContent
  readonly onSaveAsRoot: () => void
  readonly onDownload: () => void
}

/** What is to be known about the text before one goes on. */
export function DocumentNotices(props: DocumentNoticesProps) {
  const { documents, document, content } = props
  const { id, problem, recoveredFrom } = document
  const name = displayName(remoteBaseName(document.path))
  return (
    <>
      {content.isCut ? (
        <Banner
          actions={
            <Button size="sm" onClick={props.onDownload}>
              Download
            </Button>
          }
        >
          {name} has {formatBytes(content.size)}. Its first {formatBytes(editMaxBytes)} are shown, and cannot
          be changed here.
        </Banner>
      ) : null}
      {recoveredFrom === undefined ? null : (
        <Banner
          tone="busy"
          icon={null}
          actions={
            <>
              <Button size="sm" onClick={() => documents.reload(id)}>
                Throw away
              </Button>
              <Button size="sm" onClick={() => documents.dismissNotice(id)}>
                Keep
              </Button>
            </>
          }
        >
          Your changes of <RelativeTime value={recoveredFrom} /> were not saved. Here they are again.
        </Banner>
      )}
      {document.isUnkept ? (
        <Banner tone="warn">
          Unsaved changes cannot be kept on this computer at the moment. Save soon, so that nothing is lost.
        </Banner>
      ) : null}
      {problem ? (
        <Banner
          tone="bad"
          actions={
            problem.code === 'permission_denied' || problem.code === 'read_only_file_system' ? (
              <Button size="sm" onClick={props.onSaveAsRoot}>
                Save as root…
              </Button>
            ) : problem.code === 'not_encodable' ? (
              <Button size="sm" onClick={() => documents.setFormat(id, { encoding: 'utf-8' })}>
                Use UTF-8
              </Button>
            ) : (
              <Button size="sm" onClick={() => void documents.save(id)}>
                Try again
              </Button>
            )
          }
        >
          {name} is not saved. {problem.message}
        </Banner>
      ) : null}
    </>
  )
}
