import { useState, type DragEvent } from 'react'
import type { Transfer } from '#bridge/contract/file-transfers'
import { remoteParent } from '#bridge/contract/remote-names'
import { useApi } from '../../api/api-context.tsx'
import { toast } from '../../ui/toast-store.ts'
import { useFiles } from './files-services.ts'
import type { EntryLine, TreeLine } from './tree-lines.ts'
import { sentenceOf, type FileActions } from './use-file-actions.ts'

const dragType = 'application/x-outpost-remote-paths'

export interface DropTargetInput {
  readonly lines: readonly TreeLine[]
  readonly root: string
  readonly actions: FileActions
  readonly chosen: () => readonly EntryLine[]
}

export interface DropTarget {
  /** The line of the folder that would take what is dragged. */
  readonly target: string | undefined
  readonly onDragStart: (event: DragEvent, line: EntryLine) => void
  readonly handlers: {
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: (event: DragEvent) => void
    readonly onDrop: (event: DragEvent) => void
  }
}

/** Files from outside are uploaded, entries of the list are moved, and downloaded ones are dragged out. */
export function useDropTarget({ lines, root, actions, chosen }: DropTargetInput): DropTarget {
  const files = useFiles()
  const { client } = useApi()
  const [target, setTarget] = useState<string>()
  const folderAt = (event: DragEvent): { readonly key: string | undefined; readonly folder: string } => {
    const row = (event.target as Element).closest('[data-index]')
    const line = row ? lines[Number(row.getAttribute('data-index'))] : undefined
    if (!line) return { key: undefined, folder: root }
    if (line.kind === 'note') return { key: line.key, folder: line.folder }
    return line.isFolder
      ? { key: line.key, folder: line.path }
      : { key: undefined, folder: remoteParent(line.path) }
  }
  const takes = ({ types }: DataTransfer): boolean => types.includes('Files') || types.includes(dragType)

  return {
    target,
    onDragStart: (event, line) => {
      const all = chosen()
      const dragged = all.includes(line) ? all : [line]
      const paths = dragged.map(({ path }) => path)
      const ready = downloadsOf(files.transfers.store.getState(), paths)
      if (ready) {
        event.preventDefault()
        client.call('files.startDrag', { transferIds: [...ready] }).catch((error: unknown) => {
          toast({ tone: 'bad', title: 'It cannot be dragged out', detail: sentenceOf(error) })
        })
        return
      }
      event.dataTransfer.setData(dragType, JSON.stringify(paths))
      event.dataTransfer.effectAllowed = 'move'
    },
    handlers: {
      onDragOver: (event) => {
        if (!takes(event.dataTransfer)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = event.dataTransfer.types.includes('Files') ? 'copy' : 'move'
        setTarget(folderAt(event).key)
      },
      onDragLeave: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setTarget(undefined)
      },
      onDrop: (event) => {
        setTarget(undefined)
        if (!takes(event.dataTransfer)) return
        event.preventDefault()
        const { folder } = folderAt(event)
        const paths = readPaths(event.dataTransfer.getData(dragType))
        if (paths) actions.move(paths, folder)
        else actions.uploadDropped(folder, [...event.dataTransfer.files])
      },
    },
  }
}

/** The finished downloads of just these paths, the newest of each; `undefined` where one is missing. */
function downloadsOf(
  transfers: readonly Transfer[],
  paths: readonly string[],
): readonly string[] | undefined {
  const ids = paths.map(
    (path) =>
      transfers.findLast(
        ({ direction, remotePath, state }) =>
          direction === 'download' && remotePath === path && state.kind === 'done',
      )?.transferId,
  )
  return ids.every((id) => id !== undefined) ? ids : undefined
}

function readPaths(text: string): readonly string[] | undefined {
  if (text === '') return undefined
  const paths: unknown = JSON.parse(text)
  return Array.isArray(paths) && paths.every((path) => typeof path === 'string') ? paths : undefined
}
