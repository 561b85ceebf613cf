import type { MenuItem } from '../../ui/menu-item.ts'
import {
  CopyIcon,
  DownloadIcon,
  ExternalLinkIcon,
  FileIcon,
  FilePlusIcon,
  FolderIcon,
  FolderPlusIcon,
  LockIcon,
  PencilIcon,
  Trash2Icon,
  UploadIcon,
} from '../../ui/icons.tsx'
import type { FilesQuestion } from './files-dialogs.tsx'
import type { FileActions } from './use-file-actions.ts'
import type { EntryLine } from './tree-lines.ts'

export interface EntryMenuInput {
  /** What is selected; nothing: the menu of the folder. */
  readonly lines: readonly EntryLine[]
  /** Where new things go. */
  readonly folder: string
  readonly actions: FileActions
  readonly ask: (question: FilesQuestion) => void
  readonly trash: (paths: readonly string[]) => void
  readonly searchIn: (folder: string) => void
}

/** What can be done with these entries. The same things have keys in the list. */
export function entryMenu(input: EntryMenuInput): readonly MenuItem[] {
  const { lines, folder, actions, ask } = input
  const [first] = lines
  if (!first) return folderMenu(input)
  const paths = lines.map(({ path }) => path)
  const isOne = lines.length === 1
  const target = isOne && first.isFolder ? first.path : folder
  return [
    ...(isOne
      ? ([
          {
            label: first.isFolder ? 'Open folder' : 'Open',
            icon: first.isFolder ? <FolderIcon /> : <FileIcon />,
            keys: 'Enter',
            onSelect: () => actions.open(first),
          },
          { kind: 'separator' },
        ] satisfies MenuItem[])
      : []),
    ...(isOne && first.isFolder ? [...newItems(target, input), { kind: 'separator' as const }] : []),
    { label: 'Download…', icon: <DownloadIcon />, onSelect: () => actions.download(paths) },
    {
      label: 'Get ready to drag out',
      icon: <ExternalLinkIcon />,
      onSelect: () => actions.prepareDrag(paths),
    },
    { kind: 'separator' },
    {
      label: paths.length === 1 ? 'Copy path' : 'Copy paths',
      icon: <CopyIcon />,
      keys: 'Mod+C',
      onSelect: () => actions.copyText(paths.join('\n')),
    },
    ...(isOne
      ? [
          {
            label: 'Rename…',
            icon: <PencilIcon />,
            keys: 'F2',
            onSelect: () => ask({ kind: 'rename', path: first.path }),
          },
        ]
      : []),
    {
      label: 'Permissions…',
      icon: <LockIcon />,
      onSelect: () => ask({ kind: 'mode', paths, mode: first.entry.mode & 0o7777 }),
    },
    { kind: 'separator' },
    {
      label: 'Move to the trash',
      icon: <Trash2Icon />,
      keys: 'Delete',
      danger: true,
      onSelect: () => input.trash(paths),
    },
    {
      label: 'Delete for good…',
      danger: true,
      keys: 'Shift+Delete',
      onSelect: () => ask({ kind: 'delete', paths, isTrashless: false }),
    },
  ]
}

function folderMenu(input: EntryMenuInput): readonly MenuItem[] {
  const { folder, actions } = input
  return [
    ...newItems(folder, input),
    { kind: 'separator' },
    {
      label: 'Copy path of this folder',
      icon: <CopyIcon />,
      onSelect: () => actions.copyText(folder),
    },
  ]
}

function newItems(folder: string, { actions, ask, searchIn }: EntryMenuInput): MenuItem[] {
  return [
    {
      label: 'New file…',
      icon: <FilePlusIcon />,
      onSelect: () => ask({ kind: 'make', what: 'file', folder }),
    },
    {
      label: 'New folder…',
      icon: <FolderPlusIcon />,
      onSelect: () => ask({ kind: 'make', what: 'folder', folder }),
    },
    { label: 'Upload files…', icon: <UploadIcon />, onSelect: () => actions.upload(folder, 'files') },
    { label: 'Upload a folder…', icon: <UploadIcon />, onSelect: () => actions.upload(folder, 'folders') },
    { label: 'Search in this folder', onSelect: () => searchIn(folder) },
  ]
}
