import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useElementWidth } from '../../lib/element-size.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FolderIcon, UploadIcon } from '../../ui/icons.tsx'
import { ContextMenu } from '../../ui/menu.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { entryMenu } from './entry-menu.tsx'
import type { FilesQuestion } from './files-dialogs.tsx'
import type { Workbench } from './files-services.ts'
import { TreeHeader, treeTemplate, visibleTreeColumns } from './tree-header.tsx'
import { rowHeight, TreeRow } from './tree-row.tsx'
import type { FileActions } from './use-file-actions.ts'
import { useDropTarget } from './use-drop-target.ts'
import { useTree } from './use-tree.ts'

export interface TreePanelProps {
  readonly workbench: Workbench
  readonly actions: FileActions
  readonly ask: (question: FilesQuestion) => void
  readonly trash: (paths: readonly string[]) => void
  readonly searchIn: (folder: string) => void
  readonly label: string
}

/** The folder that is shown, as a tree with columns: by pointer, keyboard, and drops from outside. */
export function TreePanel({ workbench, actions, ask, trash, searchIn, label }: TreePanelProps) {
  // The virtualizer answers from mutable state, which the compiler must not cache.
  'use no memo'
  const { browser } = workbench
  const state = useStore(browser.store)
  const scroller = useRef<HTMLDivElement>(null)
  const jump = useRef<(index: number) => void>(() => undefined)
  const idPrefix = useId()
  const [menu, setMenu] = useState<readonly MenuItem[]>([])
  const columns = visibleTreeColumns(useElementWidth(scroller))
  const tree = useTree({
    browser,
    actions,
    ask,
    trash,
    jump: (index) => jump.current(index),
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2),
  })
  const { lines, current } = tree
  const root = state.root ?? '/'
  const drop = useDropTarget({ lines, root, actions, chosen: tree.chosen })
  // eslint-disable-next-line react-hooks/incompatible-library -- known, hence the directive above
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 12,
    scrollPaddingStart: 28,
  })
  useEffect(() => {
    jump.current = (index) => virtualizer.scrollToIndex(index)
  }, [virtualizer])
  // What was just made or gone to may lie far down.
  const currentPath = state.current
  useEffect(() => {
    const index = lines.findIndex(({ key }) => key === currentPath)
    if (index !== -1) virtualizer.scrollToIndex(index)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when another one is current: scrolling away is the reader's right
  }, [currentPath])

  const folder = state.folders.get(root)
  const template = treeTemplate(columns)
  return (
    <ContextMenu items={menu}>
      <div
        className="relative h-full"
        onContextMenuCapture={(event) => {
          const row = (event.target as Element).closest('[data-index]')
          const index = row ? Number(row.getAttribute('data-index')) : -1
          const line = lines[index]
          if (line) tree.pressForMenu(index)
          const isChosen = line?.kind === 'entry' && state.selected.has(line.path)
          const chosen = isChosen ? tree.chosen() : line?.kind === 'entry' ? [line] : []
          setMenu(entryMenu({ lines: chosen, folder: root, actions, ask, trash, searchIn }))
        }}
        {...drop.handlers}
      >
        <div
          ref={scroller}
          role="treegrid"
          aria-label={label}
          aria-rowcount={lines.length + 1}
          aria-multiselectable
          aria-busy={folder?.status === 'loading'}
          aria-activedescendant={current === -1 ? undefined : `${idPrefix}-${current}`}
          tabIndex={0}
          className="group/tree relative h-full min-h-0 overflow-auto outline-none"
          onKeyDown={tree.onKeyDown}
        >
          <TreeHeader columns={columns} template={template} sort={state.sort} onSort={browser.setSort} />
          <div
            role="rowgroup"
            className="relative"
            style={{ height: virtualizer.getTotalSize() + rowHeight }}
          >
            {virtualizer.getVirtualItems().map((item) => {
              const line = lines[item.index]
              if (!line) return null
              return (
                <TreeRow
                  key={line.key}
                  id={`${idPrefix}-${item.index}`}
                  index={item.index}
                  top={item.start}
                  line={line}
                  columns={columns}
                  template={template}
                  isCurrent={item.index === current}
                  isSelected={line.kind === 'entry' && state.selected.has(line.path)}
                  isDropTarget={drop.target !== undefined && drop.target === line.key}
                  onPress={tree.press}
                  onDoublePress={tree.activate}
                  onFold={({ path }) => browser.toggle(path)}
                  onRetry={(path) => void browser.refresh(path)}
                  onDragStart={drop.onDragStart}
                />
              )
            })}
          </div>
        </div>
        {folder?.status === 'ready' && lines.length === 0 ? (
          // A tree may hold rows only.
          <div className="absolute inset-x-0 top-7 bottom-0">
            <EmptyFolder
              hidden={folder.entries.length}
              onUpload={() => actions.upload(root, 'files')}
              onShow={() => browser.setHidden(true)}
            />
          </div>
        ) : null}
      </div>
    </ContextMenu>
  )
}

interface EmptyFolderProps {
  /** Entries that are not shown. */
  readonly hidden: number
  readonly onUpload: () => void
  readonly onShow: () => void
}

function EmptyFolder({ hidden, onUpload, onShow }: EmptyFolderProps) {
  return (
    <EmptyState
      icon={<FolderIcon />}
      title={hidden === 0 ? 'This folder is empty' : 'Only hidden files are here'}
      actions={
        hidden === 0 ? (
          <Button icon={<UploadIcon />} onClick={onUpload}>
            Upload files
          </Button>
        ) : (
          <Button onClick={onShow}>Show {hidden} hidden</Button>
        )
      }
    >
      {hidden === 0 ? 'Drop files here to copy them to the workspace.' : null}
    </EmptyState>
  )
}
