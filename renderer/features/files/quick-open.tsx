import { useDeferredValue, useEffect, useId, useState } from 'react'
import { displayName, joinRemote, remoteBaseName, remoteParent } from '#bridge/contract/remote-names'
import { classNames } from '../../lib/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { FileIcon, SearchIcon } from '../../ui/icons.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { useFilesHost } from './files-host.tsx'
import type { Workbench } from './files-services.ts'
import { findPaths, type Found } from './find-paths.ts'
import { rankPaths } from './rank-paths.ts'

export interface QuickOpenProps {
  readonly workbench: Workbench
  readonly folder: string
  readonly open: boolean
  readonly onClose: () => void
}

/** Finds a file below the shown folder by a few letters of its name, and opens it. */
export function QuickOpen({ workbench, folder, open, onClose }: QuickOpenProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onClose}
      title="Find a file"
      description={`Below ${displayName(folder)}`}
    >
      {open ? <Finder workbench={workbench} folder={folder} onClose={onClose} /> : null}
    </Dialog>
  )
}

const shownAtMost = 50

function Finder({ workbench, folder, onClose }: Omit<QuickOpenProps, 'open'>) {
  const [typed, setTyped] = useState('')
  const [current, setCurrent] = useState(0)
  const { paths, state, problem } = useFoundFiles(workbench, folder)
  const ranked = rankPaths(useDeferredValue(paths), useDeferredValue(typed), shownAtMost)
  const listId = useId()
  const openAt = (index: number): void => {
    const found = ranked[index]
    if (!found) return
    workbench.documents.open(joinRemote(folder, found.path))
    onClose()
  }
  return (
    <div className="flex h-80 min-h-0 flex-col gap-2">
      <Input
        autoFocus
        role="combobox"
        aria-label="Name of the file"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={ranked[current] ? `${listId}-${current}` : undefined}
        placeholder="Letters of its name or path"
        spellCheck={false}
        autoComplete="off"
        leading={<SearchIcon />}
        trailing={state === 'reading' ? <Spinner /> : null}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setCurrent(0)
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (event.key === 'Enter') openAt(current)
          else if (step !== 0) setCurrent(Math.max(0, Math.min(ranked.length - 1, current + step)))
          else return
          event.preventDefault()
        }}
      />
      {problem === undefined ? null : <Notice tone="bad">{problem}</Notice>}
      <ul id={listId} role="listbox" aria-label="Files" className="-mx-2 min-h-0 flex-1 overflow-auto">
        {ranked.map(({ path, ranges }, index) => (
          <li
            key={path}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === current}
            ref={index === current ? scrollHere : undefined}
            className={classNames(
              'flex h-8 items-center gap-2 rounded-md px-2',
              index === current ? 'bg-selected' : 'hover:bg-hover',
            )}
            onClick={() => openAt(index)}
          >
            <FileIcon className="text-fg-3" />
            <PathText path={path} ranges={ranges} />
          </li>
        ))}
      </ul>
      <p role="status" className="num flex-none text-sm text-fg-3">
        {stateWords(state, paths.length, ranked.length)}
      </p>
    </div>
  )
}

function scrollHere(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

function stateWords(state: Found['state'], count: number, shown: number): string {
  if (state === 'reading') return `${count} files so far`
  if (count > 0 && shown === 0) return `None of ${count} files fits.`
  return state === 'cut' ? `The first ${count} files; there are more.` : `${count} files`
}

function PathText({
  path,
  ranges,
}: {
  readonly path: string
  readonly ranges: readonly (readonly [number, number])[]
}) {
  const nameStart = path.lastIndexOf('/') + 1
  const marked = ranges
    .filter(([from]) => from >= nameStart)
    .map(([from, to]) => [from - nameStart, to - nameStart] as const)
  const folder = remoteParent(`/${path}`).slice(1)
  return (
    <>
      <span className="cut flex-none">
        <Marked text={remoteBaseName(path)} ranges={marked} />
      </span>
      <span className="cut text-sm text-fg-3">{displayName(folder)}</span>
    </>
  )
}

/** A text with some stretches of it in bold. */
export function Marked(props: {
  readonly text: string
  readonly ranges: readonly (readonly [number, number])[]
}) {
  const parts: { readonly text: string; readonly isMarked: boolean; readonly at: number }[] = []
  let at = 0
  for (const [from, to] of props.ranges) {
    parts.push({ text: props.text.slice(at, from), isMarked: false, at })
    parts.push({ text: props.text.slice(from, to), isMarked: true, at: from })
    at = to
  }
  parts.push({ text: props.text.slice(at), isMarked: false, at })
  return parts.map((part) =>
    part.text === '' ? null : part.isMarked ? (
      <b key={part.at} className="font-semibold text-accent-fg">
        {displayName(part.text)}
      </b>
    ) : (
      <span key={part.at}>{displayName(part.text)}</span>
    ),
  )
}

function useFoundFiles({ place }: Workbench, folder: string): Found {
  const host = useFilesHost()
  const [found, setFound] = useState<Found>({ paths: [], state: 'reading', problem: undefined })
  useEffect(() => {
    const abort = new AbortController()
    void findPaths(host, { place, folder }, { signal: abort.signal, onFound: setFound })
    return () => abort.abort()
  }, [host, place, folder])
  return found
}
