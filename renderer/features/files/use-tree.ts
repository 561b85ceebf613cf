import { useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useStore } from 'zustand'
import { remoteParent } from '#bridge/contract/remote-names'
import { openContextMenu } from '../../ui/table/open-context-menu.ts'
import type { FilesQuestion } from './files-dialogs.tsx'
import type { FolderBrowser } from './folder-browser.ts'
import { findTyped, parentLine, pathsBetween, treeCommand, type TreeCommand } from './tree-keys.ts'
import { treeLines, type EntryLine, type TreeLine } from './tree-lines.ts'
import type { FileActions } from './use-file-actions.ts'

/** Letters typed faster than this are one name. */
const typeAheadMs = 900

export interface TreeInput {
  readonly browser: FolderBrowser
  readonly actions: FileActions
  readonly ask: (question: FilesQuestion) => void
  readonly trash: (paths: readonly string[]) => void
  /** Brings a line into view. */
  readonly jump: (index: number) => void
  /** Lines of one page. */
  readonly page: () => number
}

export interface Tree {
  readonly lines: readonly TreeLine[]
  readonly current: number
  /** The selected entries, in the order shown. */
  readonly chosen: () => readonly EntryLine[]
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly press: (event: MouseEvent, index: number) => void
  /** Selects the line under a right click, unless it is selected. */
  readonly pressForMenu: (index: number) => void
  readonly activate: (index: number) => void
}

/** The tree's lines, and what pointer and keys do to them. */
export function useTree(input: TreeInput): Tree {
  const { browser, actions, ask, trash, jump } = input
  const state = useStore(browser.store)
  const typed = useRef({ text: '', at: 0 })
  const [anchor, setAnchor] = useState<string>()
  const lines = state.root === undefined ? [] : treeLines({ ...state, root: state.root })
  const current = lines.findIndex((line) => line.key === state.current)
  const chosen = (): readonly EntryLine[] =>
    lines.filter((line): line is EntryLine => line.kind === 'entry' && state.selected.has(line.path))

  const go = (index: number, extend: boolean): void => {
    const line = lines[index]
    if (!line) return
    const from = extend ? lines.findIndex(({ key }) => key === (anchor ?? state.current)) : index
    if (!extend) setAnchor(line.key)
    const only = line.kind === 'entry' ? new Set([line.path]) : new Set<string>()
    browser.select(line.key, extend ? pathsBetween(lines, from, index) : only)
    jump(index)
  }
  const activate = (index: number): void => {
    const line = lines[index]
    if (line?.kind === 'entry') actions.open(line)
  }
  const fold = (open: boolean): void => {
    const line = lines[current]
    if (line?.kind === 'entry' && line.isFolder && line.isOpen !== open) browser.toggle(line.path, open)
    else if (open) go(Math.min(current + 1, lines.length - 1), false)
    else if (line) go(parentLine(lines, current), false)
  }
  const type = (text: string): void => {
    const now = Date.now()
    const before = now - typed.current.at < typeAheadMs ? typed.current.text : ''
    typed.current = { text: before + text, at: now }
    const found = findTyped(lines, current, typed.current.text)
    if (found !== undefined) go(found, false)
  }
  const run = (command: TreeCommand, element: HTMLElement): void => {
    const paths = chosen().map(({ path }) => path)
    const [first] = paths
    switch (command.kind) {
      case 'go':
        go(command.to, command.extend)
        break
      case 'fold':
        fold(command.open)
        break
      case 'type':
        type(command.text)
        break
      case 'open':
        activate(current)
        break
      case 'up':
        if (state.root !== undefined) void browser.goTo(remoteParent(state.root)).catch(() => undefined)
        break
      case 'rename':
        if (first !== undefined) ask({ kind: 'rename', path: first })
        break
      case 'trash':
        if (paths.length > 0) trash(paths)
        break
      case 'delete':
        if (paths.length > 0) ask({ kind: 'delete', paths, isTrashless: false })
        break
      case 'copy':
        if (paths.length > 0) actions.copyText(paths.join('\n'))
        break
      case 'select-all':
        browser.select(state.current, pathsBetween(lines, 0, lines.length - 1))
        break
      case 'toggle':
        toggleSelected(current)
        break
      case 'menu':
        openContextMenu(element.querySelector(`[data-index="${current}"]`) ?? element)
    }
  }
  const toggleSelected = (index: number): void => {
    const line = lines[index]
    if (line?.kind !== 'entry') return
    const selected = new Set(state.selected)
    if (!selected.delete(line.path)) selected.add(line.path)
    browser.select(line.key, selected)
  }

  return {
    lines,
    current,
    chosen,
    activate,
    onKeyDown: (event) => {
      if (event.target !== event.currentTarget) return
      const isTyping = Date.now() - typed.current.at < typeAheadMs && typed.current.text !== ''
      const key = { current, count: lines.length, page: input.page(), isTyping }
      const command = treeCommand(event, key)
      if (!command) return
      event.preventDefault()
      event.stopPropagation()
      run(command, event.currentTarget)
    },
    press: (event, index) => {
      if (event.ctrlKey || event.metaKey) toggleSelected(index)
      else go(index, event.shiftKey)
    },
    pressForMenu: (index) => {
      const line = lines[index]
      if (line?.kind === 'entry' && !state.selected.has(line.path)) go(index, false)
    },
  }
}
