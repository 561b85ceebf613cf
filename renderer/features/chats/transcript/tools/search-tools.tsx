import type { ReactNode } from 'react'
import { formatBytes } from '../../../../lib/bytes.ts'
import { TextButton } from '../../../../ui/button.tsx'
import {
  FileIcon,
  FileSymlinkIcon,
  FolderIcon,
  FolderOpenIcon,
  TextSearchIcon,
} from '../../../../ui/icons.tsx'
import { oneLine, showUnseen } from '../hostile-text.ts'
import { CallState, Mono, ToolCard } from '../tool-card.tsx'
import { isSet, listField, numberField, textField } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import { FailureBody } from './failure-body.tsx'
import { FoundRows } from './found-rows.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, counted, doing, failureOf } from './tool-words.ts'

/** As many as the tools answer. */
const mostRows = 1000

/** `list_directory`: what is in a folder. */
export function ListDirectory({ call }: ToolProps) {
  const path = argument(call, 'path') ?? '.'
  const entries = listField(call.result, 'entries').slice(0, mostRows)
  const total = numberField(call.result, 'total') ?? entries.length
  return (
    <ToolCard
      icon={<FolderOpenIcon />}
      title={
        <>
          {doing(call, 'Looking into', 'Looked into')}{' '}
          {path === '.' ? 'the folder of the workspace' : <Mono quiet>{oneLine(path)}</Mono>}
        </>
      }
      meta={
        <>
          {call.state === 'done' ? <span>{counted(total, 'name')}</span> : null}
          <CallState call={call} />
        </>
      }
      more={
        entries.length === 0
          ? undefined
          : () => (
              <FoundRows
                left={total > entries.length ? `The first ${entries.length} of ${total}.` : undefined}
              >
                {entries.map((entry, index) => (
                  <Entry key={index} entry={entry} />
                ))}
              </FoundRows>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

const entryIcons: ReadonlyMap<string, ReactNode> = new Map([
  ['folder', <FolderIcon key="folder" />],
  ['link', <FileSymlinkIcon key="link" />],
])

function Entry({ entry }: { readonly entry: unknown }) {
  const size = numberField(entry, 'size')
  return (
    <div className="flex h-6 items-center gap-2 px-2.5 [&>.lucide]:text-fg-3">
      {entryIcons.get(textField(entry, 'type') ?? '') ?? <FileIcon />}
      <span className="cut flex-1 code-text">{oneLine(textField(entry, 'name') ?? '')}</span>
      {size === undefined ? null : (
        <span className="num flex-none text-sm text-fg-3">{formatBytes(size)}</span>
      )}
    </div>
  )
}

/** `search_files`: lines that hold a text, or files by their names. */
export function SearchFiles({ call }: ToolProps) {
  const matches = listField(call.result, 'matches').slice(0, mostRows)
  return (
    <ToolCard
      icon={<TextSearchIcon />}
      title={<SearchTitle call={call} />}
      meta={
        <>
          {call.state === 'done' ? <span>{counted(matches.length, 'match', 'matches')}</span> : null}
          <CallState call={call} />
        </>
      }
      more={
        matches.length === 0
          ? undefined
          : () => (
              <FoundRows left={isSet(call.result, 'truncated') ? 'There may be more.' : undefined}>
                {byFile(matches).map(({ path, lines }, index) => (
                  <FoundFile key={index} path={path} lines={lines} />
                ))}
              </FoundRows>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

function SearchTitle({ call }: ToolProps) {
  const query = argument(call, 'query')
  const path = argument(call, 'path')
  const name = argument(call, 'name')
  const where = [...(path === undefined || path === '.' ? [] : [path]), ...(name === undefined ? [] : [name])]
  return (
    <>
      {doing(call, 'Searching', 'Searched')} {query === undefined ? 'files' : 'for'}{' '}
      {query === undefined ? null : <Mono>{oneLine(query, 200)}</Mono>}{' '}
      {where.length === 0 ? null : (
        <>
          in <Mono quiet>{oneLine(where.join(' '), 200)}</Mono>
        </>
      )}
    </>
  )
}

interface FoundLine {
  readonly line: number
  readonly text: string
}

/** Matches that follow each other in one file, as that file. */
function byFile(
  matches: readonly unknown[],
): readonly { readonly path: string; readonly lines: readonly FoundLine[] }[] {
  const files: { path: string; lines: FoundLine[] }[] = []
  for (const match of matches) {
    const path = textField(match, 'path') ?? ''
    const line = numberField(match, 'line')
    const last = files.at(-1)
    const file = last?.path === path ? last : { path, lines: [] }
    if (file !== last) files.push(file)
    if (line !== undefined) file.lines.push({ line, text: textField(match, 'text') ?? '' })
  }
  return files
}

function FoundFile({ path, lines }: { readonly path: string; readonly lines: readonly FoundLine[] }) {
  const { onOpenFile } = useActions()
  return (
    <div className="py-0.5">
      <div className="flex h-6 items-center px-2.5">
        {onOpenFile ? (
          <TextButton className="cut code-text" onClick={() => onOpenFile(path, lines[0]?.line)}>
            {oneLine(path)}
          </TextButton>
        ) : (
          <span className="cut code-text">{oneLine(path)}</span>
        )}
      </div>
      {lines.map(({ line, text }, index) => (
        <div key={index} className="flex code-text">
          <span className="w-12 flex-none pr-2 text-right text-fg-3 select-none">{line}</span>
          <code className="min-w-0 pr-3 break-words whitespace-pre-wrap">{showUnseen(text)}</code>
        </div>
      ))}
    </div>
  )
}
