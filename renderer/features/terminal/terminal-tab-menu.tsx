import type { MenuItem } from '../../ui/menu-item.ts'
import { changeGroup, type TerminalGroup, type TerminalTab, type TerminalTabs } from './terminal-groups.ts'
import { paneKeys } from './terminal-layout.ts'
import type { Terminals } from './terminals.ts'
import { useRenaming } from './use-renaming.ts'

export interface TabMenuInput {
  readonly terminals: Terminals
  readonly state: TerminalTabs
  readonly group: TerminalGroup
  /** Those of the bar it is in. */
  readonly groups: readonly TerminalGroup[]
  readonly close: (group: TerminalGroup) => void
  readonly saveOutput: (tab: TerminalTab) => void
}

/** What can be done with a tab. */
export function tabMenu({
  terminals,
  state,
  group,
  groups,
  close,
  saveOutput,
}: TabMenuInput): readonly MenuItem[] {
  const { focusKey, id } = group
  const tab = state.tabs.find(({ key }) => key === focusKey)
  const isSplit = paneKeys(group.layout).length > 1
  const others = groups.filter((other) => other.id !== id)
  const change = (next: Partial<TerminalGroup>): void => terminals.change((now) => changeGroup(now, id, next))
  return [
    { label: 'Rename…', keys: 'F2', onSelect: () => useRenaming.setState({ groupId: id }) },
    {
      label: 'Duplicate',
      onSelect: () => terminals.duplicate(focusKey),
    },
    {
      label: 'Save output…',
      onSelect: () => {
        if (tab) saveOutput(tab)
      },
    },
    { kind: 'separator' },
    { label: 'Split right', keys: 'Ctrl+Shift+E', onSelect: () => terminals.split(focusKey, 'row') },
    { label: 'Split down', keys: 'Ctrl+Shift+O', onSelect: () => terminals.split(focusKey, 'column') },
    {
      label: 'Only the focused terminal',
      keys: 'Ctrl+Shift+X',
      checked: group.zoomed,
      disabled: !isSplit,
      onSelect: () => change({ zoomed: !group.zoomed }),
    },
    {
      label: 'Type into all of them',
      checked: group.broadcast,
      disabled: !isSplit,
      onSelect: () => change({ broadcast: !group.broadcast }),
    },
    { kind: 'separator' },
    { label: 'Close', keys: 'Delete', onSelect: () => close(group) },
    { label: 'Close others', disabled: others.length === 0, onSelect: () => others.forEach(close) },
    { label: 'Reopen closed', disabled: state.closed.length === 0, onSelect: terminals.reopenClosed },
  ]
}
