import type { DragEvent, MouseEvent } from 'react'
import { displayName } from '#bridge/contract/remote-names'
import { classNames } from '../../lib/class-names.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { Button } from '../../ui/button.tsx'
import {
  ChevronDownIcon,
  ChevronRightIcon,
  FileIcon,
  FileSymlinkIcon,
  FileWarningIcon,
  FolderIcon,
  FolderOpenIcon,
  FolderSymlinkIcon,
} from '../../ui/icons.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { changedText, kindWords, modeText } from './entry-words.ts'
import type { EntryLine, NoteLine, TreeLine } from './tree-lines.ts'

/** Height of a line in pixels. */
export const rowHeight = 26

export type RowColumn = 'size' | 'mtime' | 'mode'

export interface TreeRowProps {
  readonly id: string
  readonly index: number
  readonly top: number
  readonly columns: readonly RowColumn[]
  readonly template: string
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly isDropTarget: boolean
  readonly onPress: (event: MouseEvent, index: number) => void
  readonly onDoublePress: (index: number) => void
  readonly onFold: (line: EntryLine) => void
  readonly onRetry: (folder: string) => void
  readonly onDragStart: (event: DragEvent, line: EntryLine) => void
}

const ring =
  'group-focus-visible/tree:before:pointer-events-none group-focus-visible/tree:before:absolute ' +
  'group-focus-visible/tree:before:inset-0 group-focus-visible/tree:before:rounded-sm ' +
  'group-focus-visible/tree:before:outline-2 group-focus-visible/tree:before:-outline-offset-2 ' +
  "group-focus-visible/tree:before:outline-ring group-focus-visible/tree:before:content-['']"

/** One line of the tree: an entry with its columns, or what is to be said about an open folder. */
export function TreeRow({ line, ...props }: TreeRowProps & { readonly line: TreeLine }) {
  const isEntry = line.kind === 'entry'
  return (
    <div
      id={props.id}
      role="row"
      aria-level={line.depth + 1}
      aria-rowindex={props.index + 2}
      aria-selected={isEntry ? props.isSelected : undefined}
      aria-expanded={isEntry && line.isFolder ? line.isOpen : undefined}
      data-index={props.index}
      draggable={isEntry}
      onDragStart={(event) => {
        if (isEntry) props.onDragStart(event, line)
      }}
      className={classNames(
        'absolute inset-x-0 grid items-center gap-x-3 pr-3 pl-2',
        props.isSelected ? 'bg-selected' : 'hover:bg-hover',
        props.isDropTarget && 'ring-2 ring-ring ring-inset',
        props.isCurrent && ring,
      )}
      style={{
        height: rowHeight,
        gridTemplateColumns: props.template,
        transform: `translateY(${props.top}px)`,
      }}
      onClick={(event) => props.onPress(event, props.index)}
      onDoubleClick={() => props.onDoublePress(props.index)}
    >
      {isEntry ? (
        <EntryCells line={line} {...props} />
      ) : (
        <NoteCell line={line} onRetry={props.onRetry} columns={props.columns.length + 1} />
      )}
    </div>
  )
}

function EntryCells({ line, columns, onFold }: TreeRowProps & { readonly line: EntryLine }) {
  const { entry, isFolder, isOpen, depth } = line
  const name = displayName(entry.name)
  const isBroken = entry.kind === 'link' && !entry.target?.kind
  const cells: Record<RowColumn, string> = {
    size: isFolder ? '' : formatBytes(entry.size),
    mtime: changedText(entry.mtime),
    mode: modeText(entry.mode),
  }
  return (
    <>
      <div
        role="gridcell"
        className="flex min-w-0 items-center gap-1.5"
        style={{ paddingLeft: Math.min(depth, 16) * 14 }}
        title={entry.target ? `${name} → ${displayName(entry.target.text)}` : name}
      >
        {isFolder ? (
          <span
            aria-hidden="true"
            className="grid size-4 flex-none place-items-center text-fg-3 hover:text-fg"
            onClick={(event) => {
              event.stopPropagation()
              onFold(line)
            }}
          >
            {isOpen ? <ChevronDownIcon className="size-3.5" /> : <ChevronRightIcon className="size-3.5" />}
          </span>
        ) : (
          <span className="size-4 flex-none" />
        )}
        <EntryIcon line={line} />
        <span className="sr-only">{kindWords(entry)} </span>
        <span
          className={classNames('cut', entry.name.startsWith('.') && 'text-fg-2', isBroken && 'text-fg-3')}
        >
          {name}
        </span>
      </div>
      {columns.map((column) => (
        <div
          key={column}
          role="gridcell"
          className={classNames(
            'cut num text-sm text-fg-3',
            column === 'size' && 'text-right',
            column === 'mode' && 'code-text',
          )}
        >
          {cells[column]}
        </div>
      ))}
    </>
  )
}

function EntryIcon({ line: { entry, isFolder, isOpen } }: { readonly line: EntryLine }) {
  if (entry.kind === 'link') {
    if (!entry.target?.kind) return <FileWarningIcon className="text-warn-fg" />
    return isFolder ? (
      <FolderSymlinkIcon className="text-accent-fg" />
    ) : (
      <FileSymlinkIcon className="text-fg-3" />
    )
  }
  if (!isFolder) return <FileIcon className="text-fg-3" />
  return isOpen ? <FolderOpenIcon className="text-accent-fg" /> : <FolderIcon className="text-accent-fg" />
}

interface NoteCellProps {
  readonly line: NoteLine
  readonly columns: number
  readonly onRetry: (folder: string) => void
}

function NoteCell({ line, columns, onRetry }: NoteCellProps) {
  const words = {
    loading: 'Loading',
    empty: line.text === '' ? 'Empty' : `Empty, ${line.text}`,
    failed: line.text,
    truncated: 'There is more here than can be shown. Type a path above, or find it by its name.',
  }[line.note]
  return (
    <div
      role="gridcell"
      aria-colspan={columns}
      className={classNames(
        'col-span-full flex min-w-0 items-center gap-2 text-sm',
        line.note === 'failed' ? 'text-bad-fg' : 'text-fg-3',
      )}
      style={{ paddingLeft: Math.min(line.depth, 16) * 14 + 22 }}
      title={words}
    >
      {line.note === 'loading' ? <Spinner className="size-3.5" /> : null}
      <span className="cut">{words}</span>
      {line.note === 'failed' ? (
        <Button size="sm" tabIndex={-1} onClick={() => onRetry(line.folder)}>
          Try again
        </Button>
      ) : null}
    </div>
  )
}
