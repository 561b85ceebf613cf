import { createStore, type StoreApi } from 'zustand/vanilla'

/** One open terminal as the user sees it. The shell behind it may change (a restart), the tab stays. */
export interface TerminalTab {
  readonly key: string
  readonly terminalId: string
  readonly deploymentId: string
  readonly workspaceId: string
  readonly workspaceName: string
  readonly agentId: string
  readonly agentName: string
  /** The workspace has more agents, so the agent is part of the name. */
  readonly showAgent: boolean
  /** What the program in it calls itself. */
  readonly title: string
}

export interface TerminalTabs {
  readonly tabs: readonly TerminalTab[]
  readonly activeKey: string | undefined
  readonly drawerOpen: boolean
}

export type TerminalTabsStore = StoreApi<TerminalTabs>

const storageKey = 'outpost.terminals'
const empty: TerminalTabs = { tabs: [], activeKey: undefined, drawerOpen: false }

/** Remembers the open terminals over a reload and a restart, so that they re-join their shells. */
export function createTerminalTabsStore(storage: Pick<Storage, 'getItem' | 'setItem'>): TerminalTabsStore {
  const store = createStore<TerminalTabs>(() => restore(storage.getItem(storageKey)))
  store.subscribe((state) => storage.setItem(storageKey, JSON.stringify(state)))
  return store
}

/** The name a tab shows. */
export function tabName(tab: TerminalTab): string {
  return tab.showAgent ? `${tab.workspaceName}.${tab.agentName}` : tab.workspaceName
}

/** What each tab shows: name and title, and a number where that would be the same twice. */
export function tabLabels(tabs: readonly TerminalTab[]): ReadonlyMap<string, string> {
  const seen = new Map<string, number>()
  return new Map(
    tabs.map((tab) => {
      const label = tab.title === '' ? tabName(tab) : `${tabName(tab)}: ${tab.title}`
      const count = (seen.get(label) ?? 0) + 1
      seen.set(label, count)
      return [tab.key, count === 1 ? label : `${label} (${count})`]
    }),
  )
}

export function addTab(state: TerminalTabs, tab: TerminalTab): TerminalTabs {
  return { ...state, tabs: [...state.tabs, tab], activeKey: tab.key }
}

/** Takes a tab away; its right neighbour, else its left one, comes to the front. */
export function removeTab(state: TerminalTabs, key: string): TerminalTabs {
  const index = state.tabs.findIndex((tab) => tab.key === key)
  if (index < 0) return state
  const tabs = state.tabs.filter((tab) => tab.key !== key)
  const activeKey = state.activeKey === key ? (tabs[index] ?? tabs[index - 1])?.key : state.activeKey
  return { tabs, activeKey, drawerOpen: state.drawerOpen && tabs.length > 0 }
}

export function changeTab(state: TerminalTabs, key: string, change: Partial<TerminalTab>): TerminalTabs {
  return { ...state, tabs: state.tabs.map((tab) => (tab.key === key ? { ...tab, ...change } : tab)) }
}

/** The tab `steps` further right among `tabs`, round the ends. */
export function neighbourKey(
  tabs: readonly TerminalTab[],
  activeKey: string | undefined,
  steps: number,
): string | undefined {
  if (tabs.length === 0) return undefined
  const index = Math.max(
    0,
    tabs.findIndex((tab) => tab.key === activeKey),
  )
  return tabs[(index + steps + tabs.length) % tabs.length]?.key
}

function restore(text: string | null): TerminalTabs {
  if (text === null) return empty
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('tabs' in value) || !Array.isArray(value.tabs))
      return empty
    const tabs = value.tabs.filter(isTab)
    const activeKey =
      'activeKey' in value && typeof value.activeKey === 'string' ? value.activeKey : undefined
    return {
      tabs,
      activeKey: tabs.some((tab) => tab.key === activeKey) ? activeKey : tabs[0]?.key,
      drawerOpen: 'drawerOpen' in value && value.drawerOpen === true && tabs.length > 0,
    }
  } catch {
    // Written by another version or cut off: starting without remembered terminals loses nothing else.
    return empty
  }
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
] as const

function isTab(value: unknown): value is TerminalTab {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return (
    textFields.every((name) => typeof fields[name] === 'string') && typeof fields['showAgent'] === 'boolean'
  )
}
