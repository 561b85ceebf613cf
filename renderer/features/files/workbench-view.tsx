import {
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
} from 'react'
import { useStore } from 'zustand'
import type { Transfer } from '#bridge/contract/file-transfers'
import { remoteParent } from '#bridge/contract/remote-names'
import type { Workspace } from '#bridge/contract/workspaces'
import { useCommands, type Command } from '../../lib/commands/command-store.ts'
import { placeKey } from '../../api/files-client.ts'
import { useElementWidth } from '../../lib/element-size.ts'
import { useKept } from '../../lib/kept-state.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchIcon, TextSearchIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { dismissToast, toast } from '../../ui/toast-store.ts'
import { EditorArea } from '../editor/index.ts'
import { FilesDialogs, type FilesQuestion } from './files-dialogs.tsx'
import { useFiles, type Workbench } from './files-services.ts'
import type { WantedFile } from './files-host.tsx'
import type { FolderBrowser } from './folder-browser.ts'
import { FilesToolbar } from './files-toolbar.tsx'
import { PanelEdge } from './panel-edge.tsx'
import { panelShare } from './panel-share.ts'
import { PlaceNotice } from './place-notice.tsx'
import { QuickOpen } from './quick-open.tsx'
import { SearchPanel } from './search-panel.tsx'
import { TreePanel } from './tree-panel.tsx'
import { unsavedToastKey } from './unsaved-toast.ts'
import { sentenceOf, useFileActions } from './use-file-actions.ts'

export interface WorkbenchViewProps {
  readonly workbench: Workbench
  readonly workspace: Workspace
  readonly agentName: string
  readonly startFolder: string | undefined
  /** A file to open. */
  readonly wanted: WantedFile | undefined
  readonly onShown: () => void
  /** Where there are several agents. */
  readonly agentChoice: ReactNode
}

/** Folders at the left, open files at the right. */
export function WorkbenchView(props: WorkbenchViewProps) {
  const { workbench, workspace, agentName, agentChoice, wanted, onShown } = props
  const startFolder = workbench.lastFolder ?? props.startFolder
  const { browser, documents } = workbench
  const { root, problem } = useStore(browser.store)
  const hasDocuments = useStore(documents.store, (state) => state.documents.length > 0)
  const actions = useFileActions(workbench)
  const [question, setQuestion] = useState<FilesQuestion>()
  const [isQuickOpen, setQuickOpen] = useState(false)
  const [searchFolder, setSearchFolder] = useState<string>()
  const start = (): void => void browser.start(startFolder)
  useStart(workbench, startFolder)
  useWanted(workbench, wanted, onShown)
  const goTo = async (path: string): Promise<void> => {
    const file = await browser.goTo(path)
    if (file !== undefined) documents.open(file)
  }
  const searchIn = (folder: string): void => setSearchFolder(folder)
  useFindCommands(browser, setQuickOpen, setSearchFolder)
  useRefreshAfterUploads(workbench)
  const trash = (paths: readonly string[]): void =>
    void actions.trash(paths).then((untaken) => {
      if (untaken.length > 0) setQuestion({ kind: 'delete', paths: untaken, isTrashless: true })
    })

  if (root === undefined) {
    return problem === undefined ? (
      <>
        <PlaceNotice place={workbench.place} />
        <SkeletonRows rows={8} label="Loading the files" />
      </>
    ) : (
      <div className="p-5">
        <ErrorState
          title={`The files of ${workspace.name} cannot be shown`}
          actions={<Button onClick={start}>Try again</Button>}
        >
          {problem}
        </ErrorState>
      </div>
    )
  }
  const tree = (
    <TreePanel
      workbench={workbench}
      actions={actions}
      ask={setQuestion}
      trash={trash}
      searchIn={searchIn}
      label={`Files of ${workspace.name}`}
    />
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      <FilesToolbar
        workbench={workbench}
        workspace={workspace}
        agentName={agentName}
        agentChoice={agentChoice}
        actions={actions}
        ask={setQuestion}
        onGo={goTo}
        onQuickOpen={() => setQuickOpen(true)}
        isSearching={searchFolder !== undefined}
        onSearch={(isOn) => setSearchFolder(isOn ? root : undefined)}
      />
      <PlaceNotice place={workbench.place} />
      <SplitPanels
        left={
          searchFolder === undefined ? (
            tree
          ) : (
            <SearchPanel
              workbench={workbench}
              folder={searchFolder}
              onClose={() => setSearchFolder(undefined)}
            />
          )
        }
        right={
          hasDocuments ? (
            <EditorArea documents={documents} onDownload={(path) => actions.download([path])} />
          ) : null
        }
      />
      <FilesDialogs question={question} actions={actions} onClose={() => setQuestion(undefined)} />
      <QuickOpen workbench={workbench} folder={root} open={isQuickOpen} onClose={() => setQuickOpen(false)} />
    </div>
  )
}

/** What keys and palette do with the shown folder. */
function useFindCommands(
  { store }: FolderBrowser,
  setQuickOpen: (isOpen: boolean) => void,
  setSearchFolder: Dispatch<SetStateAction<string | undefined>>,
): void {
  useCommands(
    useMemo((): readonly Command[] => {
      const shared = { group: 'Files' }
      return [
        {
          ...shared,
          id: 'files.find',
          icon: <SearchIcon />,
          title: 'Find a file by name',
          keys: 'Mod+P',
          run: () => setQuickOpen(true),
        },
        {
          ...shared,
          id: 'files.search',
          icon: <TextSearchIcon />,
          title: 'Search in files',
          keys: 'Mod+Shift+F',
          run: () => setSearchFolder((now) => now ?? store.getState().root),
        },
      ]
    }, [store, setQuickOpen, setSearchFolder]),
  )
}

/** What was uploaded into a folder that shows is seen in it. */
function useRefreshAfterUploads({ place, browser }: Workbench): void {
  const { transfers } = useFiles()
  useEffect(() => {
    let seen = new Set(
      transfers.store
        .getState()
        .filter(isUploaded)
        .map(({ transferId }) => transferId),
    )
    return transfers.store.subscribe((all) => {
      const uploaded = all.filter(isUploaded)
      for (const { transferId, remotePath, place: target } of uploaded) {
        if (!seen.has(transferId) && placeKey(target) === placeKey(place)) {
          void browser.refresh(remoteParent(remotePath))
        }
      }
      seen = new Set(uploaded.map(({ transferId }) => transferId))
    })
  }, [transfers, browser, place])
}

function isUploaded({ direction, state }: Transfer): boolean {
  return direction === 'upload' && state.kind === 'done'
}

/** Shows the first folder, and what was not saved when the window went away. */
function useStart({ browser, documents }: Workbench, startFolder: string | undefined): void {
  useEffect(() => {
    // What shows may be old after a while elsewhere.
    if (browser.store.getState().root === undefined) void browser.start(startFolder)
    else browser.refreshAll()
    const isShown = (): void => dismissToast(unsavedToastKey)
    documents.restore().then(isShown, (error: unknown) => {
      toast({ tone: 'bad', title: 'Unsaved texts of before cannot be shown', detail: sentenceOf(error) })
    })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each workbench: its folder is the user's after that
  }, [browser, documents])
}

/** Opens what something else in the window asked for, once. */
function useWanted(
  { browser, documents }: Workbench,
  wanted: WantedFile | undefined,
  onShown: () => void,
): void {
  const tell = useEffectEvent(onShown)
  useEffect(() => {
    if (!wanted) return
    if (wanted.isFolder) void browser.goTo(wanted.path).catch(() => undefined)
    else documents.open(wanted.path, wanted.goTo)
    tell()
  }, [browser, documents, wanted])
}

/** One panel alone, or two with an edge between them that can be moved. */
function SplitPanels({ left, right }: { readonly left: ReactNode; readonly right: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useElementWidth(frame)
  const share = useKept(panelShare)
  return (
    <div ref={frame} className="relative flex min-h-0 flex-1">
      <div
        className={right === null ? 'min-w-0 flex-1' : 'min-w-0 flex-none'}
        style={right === null ? undefined : { width: `${share * 100}%` }}
      >
        {left}
      </div>
      {right === null ? null : (
        <>
          <PanelEdge share={share} width={() => width} />
          <div className="min-w-0 flex-1 border-l border-line">{right}</div>
        </>
      )}
    </div>
  )
}
