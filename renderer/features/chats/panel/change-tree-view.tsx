import { useId, useState, type KeyboardEvent } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { lineTarget } from '../../../lib/keyboard/line-target.ts'
import { ChevronRightIcon, FileIcon, FolderIcon } from '../../../ui/icons.tsx'
import { ChangeCount } from '../transcript/code-lines.tsx'
import { oneLine } from '../transcript/hostile-text.ts'
import { changeTree, type ChangeTreeLine } from './change-tree.ts'
import type { ChangedFile } from './changed-files.ts'

export interface ChangeTreeViewProps {
  readonly files: readonly ChangedFile[]
  /** Shows what changed in one. */
  readonly onShow: (path: string) => void
}

const PAGE = 10

/** What was a file may be a folder now, and both have changed. */
const keyOf = ({ kind, path }: ChangeTreeLine): string => `${kind} ${path}`

/** The changed files by their folders. One tree for the keyboard, with the keys of the tree of files. */
export function ChangeTreeView({ files, onShow }: ChangeTreeViewProps) {
  const id = useId()
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [currentKey, setCurrentKey] = useState<string>()
  const lines = changeTree(files, folded)
  const current = Math.max(
    0,
    lines.findIndex((line) => keyOf(line) === currentKey),
  )
  const go = (index: number): void => {
    // Above a line of the root there is none.
    const line = lines[index]
    if (line === undefined) return
    setCurrentKey(keyOf(line))
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: 'nearest' })
  }
  const fold = (path: string, isOpen: boolean): void =>
    setFolded((before) => {
      const after = new Set(before)
      if (isOpen) after.delete(path)
      else after.add(path)
      return after
    })
  const choose = (line: ChangeTreeLine): void => {
    if (line.kind === 'folder') fold(line.path, !line.isOpen)
    else onShow(line.path)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const line = lines[current]
    const to = lineTarget(event.key, { current, count: lines.length, page: PAGE })
    if (to !== undefined) go(to)
    else if (line === undefined) return
    else if (event.key === 'Enter' || event.key === ' ') choose(line)
    else if (event.key === 'ArrowRight' && line.kind === 'folder') {
      if (line.isOpen) go(current + 1)
      else fold(line.path, true)
    } else if (event.key === 'ArrowLeft') {
      if (line.kind === 'folder' && line.isOpen) fold(line.path, false)
      else go(lines.findLastIndex(({ depth }, at) => at < current && depth < line.depth))
    } else return
    event.preventDefault()
  }
  return (
    <div
      role="tree"
      tabIndex={0}
      aria-label="Changed files by folder"
      aria-activedescendant={lines.length === 0 ? undefined : `${id}-${current}`}
      className="group/tree py-1 outline-none"
      onKeyDown={onKeyDown}
    >
      {lines.map((line, index) => (
        <TreeLine
          key={keyOf(line)}
          id={`${id}-${index}`}
          line={line}
          isCurrent={index === current}
          onPress={() => {
            setCurrentKey(keyOf(line))
            choose(line)
          }}
        />
      ))}
    </div>
  )
}

interface TreeLineProps {
  readonly id: string
  readonly line: ChangeTreeLine
  readonly isCurrent: boolean
  readonly onPress: () => void
}

function TreeLine({ id, line, isCurrent, onPress }: TreeLineProps) {
  const isFolder = line.kind === 'folder'
  const name = oneLine(line.name)
  return (
    <div
      id={id}
      role="treeitem"
      aria-label={isFolder ? `${name}, folder` : name}
      aria-level={line.depth + 1}
      aria-selected={isCurrent}
      aria-expanded={isFolder ? line.isOpen : undefined}
      title={oneLine(line.path, 300)}
      style={{ paddingLeft: 8 + line.depth * 14 }}
      className={classNames(
        'flex h-[26px] min-w-0 cursor-default items-center gap-1.5 pr-3 hover:bg-hover',
        isCurrent &&
          'bg-selected group-focus-visible/tree:outline-2 group-focus-visible/tree:-outline-offset-2 group-focus-visible/tree:outline-ring',
      )}
      onClick={onPress}
    >
      <ChevronRightIcon
        className={classNames(
          'size-3.5 flex-none text-fg-3',
          isFolder ? line.isOpen && 'rotate-90' : 'invisible',
        )}
      />
      {isFolder ? (
        <FolderIcon className="flex-none text-fg-3" />
      ) : (
        <FileIcon className="flex-none text-fg-3" />
      )}
      <span
        className={classNames(
          'cut flex-1',
          line.kind === 'file' && line.file.kind === 'deleted' && 'text-fg-3 line-through',
        )}
        dir="ltr"
      >
        {name}
      </span>
      <span className="num flex-none text-sm">
        <ChangeCount added={line.added} removed={line.removed} />
      </span>
    </div>
  )
}
