import { memo } from 'react'
import { ReasoningRow, TextRow } from './answer-rows.tsx'
import { ErrorRow, RetryRow, StoppingRow, WorkingRow } from './callouts.tsx'
import { ContextRow, FileRow, NoteRow, SourcesRow, UnknownRow } from './small-rows.tsx'
import { ReadFiles } from './tools/read-files.tsx'
import { ToolRow } from './tools/tool-row.tsx'
import type { TranscriptRow } from './transcript-rows.ts'
import { UserRow } from './user-row.tsx'

/** One line of a transcript. Drawn again only when it says something else. */
export const RowView = memo(function RowView({ row }: { readonly row: TranscriptRow }) {
  switch (row.kind) {
    case 'user':
      return <UserRow row={row} />
    case 'text':
      return <TextRow row={row} />
    case 'reasoning':
      return <ReasoningRow row={row} />
    case 'tool':
      return <ToolRow call={row.call} />
    case 'reads':
      return <ReadFiles calls={row.calls} />
    case 'file':
      return <FileRow row={row} />
    case 'sources':
      return <SourcesRow row={row} />
    case 'context':
      return <ContextRow row={row} />
    case 'note':
      return <NoteRow row={row} />
    case 'unknown':
      return <UnknownRow row={row} />
    case 'working':
      return <WorkingRow row={row} />
    case 'stopping':
      return <StoppingRow />
    case 'error':
      return <ErrorRow row={row} />
    case 'retry':
      return <RetryRow row={row} />
  }
})
