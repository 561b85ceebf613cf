import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Workspace } from '#bridge/contract/workspaces'
import { remoteParent } from '#bridge/contract/remote-names'
import { IconButton } from '../../ui/icon-button.tsx'
import {
  ExternalLinkIcon,
  EyeIcon,
  EyeOffIcon,
  FilePlusIcon,
  FolderPlusIcon,
  FolderUpIcon,
  PlusIcon,
  RefreshCwIcon,
  SearchIcon,
  TextSearchIcon,
  Trash2Icon,
  UploadIcon,
} from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { FilesQuestion } from './files-dialogs.tsx'
import type { Workbench } from './files-services.ts'
import { OpenInMenu } from './open-in-menu.tsx'
import { PathBar } from './path-bar.tsx'
import { TransfersButton } from './transfers-button.tsx'
import { TrashButton } from './trash-dialog.tsx'
import type { FileActions } from './use-file-actions.ts'

export interface FilesToolbarProps {
  readonly workbench: Workbench
  readonly workspace: Workspace
  readonly agentName: string
  readonly agentChoice: ReactNode
  readonly actions: FileActions
  readonly ask: (question: FilesQuestion) => void
  readonly onGo: (path: string) => Promise<void>
  readonly onQuickOpen: () => void
  readonly isSearching: boolean
  readonly onSearch: (isOn: boolean) => void
}

/** The shown folder, and what can be done in it. */
export function FilesToolbar(props: FilesToolbarProps) {
  const { workbench, actions, ask } = props
  const { browser } = workbench
  const { root = '/', showHidden } = useStore(browser.store)
  return (
    <div className="flex h-10 flex-none items-center gap-1 border-b border-line pr-3 pl-2">
      <IconButton
        size="sm"
        label="Folder above"
        keys="Backspace"
        icon={<FolderUpIcon />}
        disabled={root === '/'}
        onClick={() => void browser.goTo(remoteParent(root)).catch(() => undefined)}
      />
      <PathBar path={root} onGo={props.onGo} />
      <div className="ml-auto flex flex-none items-center gap-1">
        {props.agentChoice}
        <IconButton
          size="sm"
          label="Read again"
          icon={<RefreshCwIcon />}
          onClick={() => browser.refreshAll()}
        />
        <IconButton
          size="sm"
          label={showHidden ? 'Hide hidden files' : 'Show hidden files'}
          pressed={showHidden}
          icon={showHidden ? <EyeIcon /> : <EyeOffIcon />}
          onClick={() => browser.setHidden(!showHidden)}
        />
        <IconButton
          size="sm"
          label="Find a file by name"
          keys="Mod+P"
          icon={<SearchIcon />}
          onClick={props.onQuickOpen}
        />
        <IconButton
          size="sm"
          label="Search in files"
          keys="Mod+Shift+F"
          pressed={props.isSearching}
          icon={<TextSearchIcon />}
          onClick={() => props.onSearch(!props.isSearching)}
        />
        <Menu
          align="end"
          trigger={<IconButton size="sm" label="New or upload" icon={<PlusIcon />} />}
          items={[
            {
              label: 'New file…',
              icon: <FilePlusIcon />,
              onSelect: () => ask({ kind: 'make', what: 'file', folder: root }),
            },
            {
              label: 'New folder…',
              icon: <FolderPlusIcon />,
              onSelect: () => ask({ kind: 'make', what: 'folder', folder: root }),
            },
            { kind: 'separator' },
            { label: 'Upload files…', icon: <UploadIcon />, onSelect: () => actions.upload(root, 'files') },
            {
              label: 'Upload a folder…',
              icon: <UploadIcon />,
              onSelect: () => actions.upload(root, 'folders'),
            },
          ]}
        />
        <TrashButton workbench={workbench} icon={<Trash2Icon />} />
        <TransfersButton />
        <OpenInMenu
          workspace={props.workspace}
          deploymentId={workbench.place.deploymentId}
          agentName={props.agentName}
          folder={root}
          trigger={<IconButton size="sm" label="Open this folder in…" icon={<ExternalLinkIcon />} />}
        />
      </div>
    </div>
  )
}
