import {
  changeGroup,
  dividerOf,
  dividers,
  groupOf,
  moveGroup,
  neighbourKey,
  paneBeside,
  setShare,
  useRenaming,
  useSaveOutput,
  useTerminals,
  type Side,
  type TerminalGroup,
  type Terminals,
} from '../features/terminal/index.ts'
import { TerminalIcon } from '../ui/icons.tsx'
import type { Command } from '../lib/commands/command-store.ts'

const resizeStep = 0.04
const arrows: readonly { readonly key: string; readonly side: Side }[] = [
  { key: 'ArrowLeft', side: 'left' },
  { key: 'ArrowRight', side: 'right' },
  { key: 'ArrowUp', side: 'up' },
  { key: 'ArrowDown', side: 'down' },
]

/** What the palette and the keys can do with terminals. */
export function useTerminalCommands(): readonly Command[] {
  const terminals = useTerminals()
  const saveOutput = useSaveOutput()
  const { store } = terminals
  const withActive = (run: (key: string, group: TerminalGroup) => void) => (): void => {
    const state = store.getState()
    const group = groupOf(state, state.activeKey)
    if (group && state.activeKey !== undefined) run(state.activeKey, group)
  }
  const tabOf = (key: string) => store.getState().tabs.find((tab) => tab.key === key)
  const step = (by: number) => (): void => {
    const next = neighbourKey(store.getState(), by)
    if (next !== undefined) terminals.activate(next)
  }
  const move = (by: number) =>
    withActive((_key, { id }) =>
      terminals.change((state) => {
        const index = state.groups.findIndex((group) => group.id === id)
        return moveGroup(state, id, index + by)
      }),
    )
  const shared = { group: 'Terminal', icon: <TerminalIcon />, keysInTerminal: true }
  return [
    {
      ...shared,
      id: 'terminal.toggle',
      title: 'Show or hide the terminals',
      keys: 'Ctrl+`',
      run: () => terminals.setDrawerOpen(!store.getState().drawerOpen),
    },
    {
      ...shared,
      id: 'terminal.new',
      title: 'New terminal beside this one',
      keys: 'Ctrl+Shift+T',
      run: () => {
        const tab = tabOf(store.getState().activeKey ?? '')
        if (tab) terminals.open(tab, false)
        else terminals.setDrawerOpen(true)
      },
    },
    {
      ...shared,
      id: 'terminal.close',
      title: 'Close this terminal',
      keys: 'Ctrl+Shift+W',
      run: withActive((key) => terminals.close(key)),
    },
    { ...shared, id: 'terminal.reopen', title: 'Reopen the closed terminal', run: terminals.reopenClosed },
    { ...shared, id: 'terminal.next', title: 'Next terminal', keys: 'Ctrl+PageDown', run: step(1) },
    { ...shared, id: 'terminal.previous', title: 'Previous terminal', keys: 'Ctrl+PageUp', run: step(-1) },
    {
      ...shared,
      id: 'terminal.move-right',
      title: 'Move this terminal tab right',
      keys: 'Ctrl+Shift+PageDown',
      run: move(1),
    },
    {
      ...shared,
      id: 'terminal.move-left',
      title: 'Move this terminal tab left',
      keys: 'Ctrl+Shift+PageUp',
      run: move(-1),
    },
    {
      ...shared,
      id: 'terminal.rename',
      title: 'Rename this terminal tab…',
      run: withActive((_key, { id }) => useRenaming.setState({ groupId: id })),
    },
    {
      ...shared,
      id: 'terminal.save',
      title: 'Save the output of this terminal…',
      run: withActive((key) => {
        const tab = tabOf(key)
        if (tab) saveOutput(tab)
      }),
    },
    {
      ...shared,
      id: 'terminal.duplicate',
      title: 'Duplicate this terminal tab',
      run: withActive((key) => terminals.duplicate(key)),
    },
    {
      ...shared,
      id: 'terminal.prompt-previous',
      title: 'Go to the prompt before',
      keys: 'Alt+Shift+PageUp',
      run: withActive((key) => terminals.jumpToPrompt(key, 'previous')),
    },
    {
      ...shared,
      id: 'terminal.prompt-next',
      title: 'Go to the prompt after',
      keys: 'Alt+Shift+PageDown',
      run: withActive((key) => terminals.jumpToPrompt(key, 'next')),
    },
    {
      ...shared,
      id: 'terminal.select-output',
      title: 'Select the output of the last command',
      run: withActive((key) => terminals.selectLastOutput(key)),
    },
    ...splitCommands(terminals, withActive).map((command) => ({ ...shared, ...command })),
  ]
}

type WithActive = (run: (key: string, group: TerminalGroup) => void) => () => void

function splitCommands(terminals: Terminals, withActive: WithActive): readonly Omit<Command, 'group'>[] {
  const change = (next: (group: TerminalGroup) => Partial<TerminalGroup>) =>
    withActive((_key, group) => terminals.change((state) => changeGroup(state, group.id, next(group))))
  return [
    {
      id: 'terminal.split-right',
      title: 'Split this terminal to the right',
      keys: 'Ctrl+Shift+E',
      run: withActive((key) => terminals.split(key, 'row')),
    },
    {
      id: 'terminal.split-down',
      title: 'Split this terminal downwards',
      keys: 'Ctrl+Shift+O',
      run: withActive((key) => terminals.split(key, 'column')),
    },
    {
      id: 'terminal.zoom',
      title: 'Show only this terminal of its tab, or all',
      keys: 'Ctrl+Shift+X',
      run: change(({ zoomed, layout }) => ({ zoomed: !zoomed && layout.kind === 'split' })),
    },
    {
      id: 'terminal.broadcast',
      title: 'Type into all terminals of this tab, or only one',
      keywords: 'broadcast input',
      run: change(({ broadcast, layout }) => ({ broadcast: !broadcast && layout.kind === 'split' })),
    },
    ...arrows.map(({ key: arrow, side }) => ({
      id: `terminal.go-${side}`,
      title: `Go to the terminal ${words[side]}`,
      keys: `Ctrl+Shift+${arrow}`,
      run: withActive((key, { layout }) => {
        const beside = paneBeside(layout, key, side)
        if (beside !== undefined) terminals.activate(beside)
      }),
    })),
    ...arrows.map(({ key: arrow, side }) => ({
      id: `terminal.resize-${side}`,
      title: `Move the edge of this terminal ${side}`,
      keys: `Alt+Shift+${arrow}`,
      run: withActive((key, group) => {
        const path = dividerOf(group.layout, key, side === 'left' || side === 'right' ? 'row' : 'column')
        const share = dividers(group.layout).find((divider) => divider.path === path)?.share
        if (path === undefined || share === undefined) return
        const by = side === 'left' || side === 'up' ? -resizeStep : resizeStep
        const layout = setShare(group.layout, path, share + by)
        terminals.change((state) => changeGroup(state, group.id, { layout }))
      }),
    })),
  ]
}

const words: Record<Side, string> = { left: 'on the left', right: 'on the right', up: 'above', down: 'below' }
