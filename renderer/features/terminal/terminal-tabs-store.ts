import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  closedAtMost,
  groupFor,
  nameMaxChars,
  noTerminals,
  type ClosedTerminal,
  type TerminalGroup,
  type TerminalTab,
  type TerminalTabs,
} from './terminal-groups.ts'
import { paneKeys, paneLayout, parseLayout } from './terminal-layout.ts'

export type TerminalTabsStore = StoreApi<TerminalTabs>

const storageKey = 'outpost.terminals'

/** Remembers the open terminals over a reload and a restart, so that they re-join their shells. */
export function createTerminalTabsStore(storage: Pick<Storage, 'getItem' | 'setItem'>): TerminalTabsStore {
  const store = createStore<TerminalTabs>(() => restore(storage.getItem(storageKey)))
  store.subscribe((state) => storage.setItem(storageKey, JSON.stringify(state)))
  return store
}

function restore(text: string | null): TerminalTabs {
  const fields = fieldsOf(parseJson(text))
  if (!Array.isArray(fields['tabs'])) return noTerminals
  const tabs = fields['tabs'].map(withCommand).filter(isTab)
  const groups = restoreGroups(fields['groups'], tabs)
  const active = tabs.find(({ key }) => key === fields['activeKey'])
  const closed = Array.isArray(fields['closed']) ? fields['closed'].filter(isClosed) : []
  return {
    tabs,
    groups,
    activeKey: active?.key ?? groups[0]?.focusKey,
    drawerOpen: fields['drawerOpen'] === true && tabs.length > 0,
    closed: closed.slice(-closedAtMost),
  }
}

/** Each terminal in exactly one tab, whatever was written. */
function restoreGroups(stored: unknown, tabs: readonly TerminalTab[]): readonly TerminalGroup[] {
  const left = new Set(tabs.map(({ key }) => key))
  const groups = (Array.isArray(stored) ? stored : []).flatMap((group: unknown) => {
    const { layout, name, focusKey } = fieldsOf(group)
    // `delete` answers whether it was there: a key counts once.
    const parsed = parseLayout(layout, (key) => left.delete(key))
    if (!parsed) return []
    const focus = paneKeys(parsed).find((key) => key === focusKey)
    return [groupFor(parsed, typeof name === 'string' ? name.slice(0, nameMaxChars) : '', focus)]
  })
  return [...groups, ...[...left].map((key) => groupFor(paneLayout(key)))]
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    // Written by another version or cut off: starting without remembered terminals loses nothing else.
    return undefined
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

const textFields = [
  'key',
  'terminalId',
  'deploymentId',
  'workspaceId',
  'workspaceName',
  'agentId',
  'agentName',
  'title',
  'command',
  'profile',
] as const

/** Written before terminals had these. */
function withCommand(value: unknown): unknown {
  return { command: '', profile: '', ...fieldsOf(value) }
}

function isTab(value: unknown): value is TerminalTab {
  const fields = fieldsOf(value)
  return (
    textFields.every((name) => typeof fields[name] === 'string') && typeof fields['showAgent'] === 'boolean'
  )
}

function isClosed(value: unknown): value is ClosedTerminal {
  const { tab, closedAt } = fieldsOf(value)
  return isTab(tab) && typeof closedAt === 'number'
}
