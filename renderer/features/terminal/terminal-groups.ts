/** The tabs of the bar and the terminals in them: every change of them as a pure function. */
import {
  paneKeys,
  paneLayout,
  removePane,
  splitPane,
  type Direction,
  type Layout,
} from './terminal-layout.ts'

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
  /** Run instead of the login shell when the shell is new; empty: the login shell. */
  readonly command: string
  /** Name of the profile the command is from; empty: none. */
  readonly profile: string
}

/** One tab of the bar: a terminal, or several that share its space. */
export interface TerminalGroup {
  readonly id: string
  /** Given by the user; empty: named after its terminal. */
  readonly name: string
  readonly layout: Layout
  /** The terminal that has, or had last, the keyboard. */
  readonly focusKey: string
  /** The focused terminal has all the space for now. */
  readonly zoomed: boolean
  /** What is typed in one goes to all of them. Not kept over a reload. */
  readonly broadcast: boolean
}

/** A terminal whose tab was closed. Its shell lives on for the server's five minutes. */
export interface ClosedTerminal {
  readonly tab: TerminalTab
  /** Epoch milliseconds. */
  readonly closedAt: number
}

export interface TerminalTabs {
  readonly tabs: readonly TerminalTab[]
  readonly groups: readonly TerminalGroup[]
  /** The terminal that the keyboard is for; its tab is in front. */
  readonly activeKey: string | undefined
  readonly drawerOpen: boolean
  /** The newest last. */
  readonly closed: readonly ClosedTerminal[]
}

export const noTerminals: TerminalTabs = {
  tabs: [],
  groups: [],
  activeKey: undefined,
  drawerOpen: false,
  closed: [],
}

export const closedAtMost = 20
/** The longest name a person can give a tab. */
export const nameMaxChars = 60

/** The name a tab shows. */
export function tabName(tab: Pick<TerminalTab, 'workspaceName' | 'agentName' | 'showAgent'>): string {
  return tab.showAgent ? `${tab.workspaceName}.${tab.agentName}` : tab.workspaceName
}

/** What each tab of the bar shows, by its id: name and title, and a number where that would be the same twice. */
export function groupLabels({
  tabs,
  groups,
}: Pick<TerminalTabs, 'tabs' | 'groups'>): ReadonlyMap<string, string> {
  const seen = new Map<string, number>()
  return new Map(
    groups.map((group) => {
      const label = groupLabel(group, tabs)
      const count = (seen.get(label) ?? 0) + 1
      seen.set(label, count)
      return [group.id, count === 1 ? label : `${label} (${count})`]
    }),
  )
}

function groupLabel({ name, focusKey }: TerminalGroup, tabs: readonly TerminalTab[]): string {
  const tab = tabs.find(({ key }) => key === focusKey)
  if (name !== '' || !tab) return name
  const title = tab.title === '' ? tab.profile : tab.title
  return title === '' ? tabName(tab) : `${tabName(tab)}: ${title}`
}

/** The tab of the bar that a terminal is in. */
export function groupOf({ groups }: TerminalTabs, key: string | undefined): TerminalGroup | undefined {
  return key === undefined ? undefined : groups.find(({ layout }) => paneKeys(layout).includes(key))
}

/** A tab of the bar with one terminal. */
export function groupFor(layout: Layout, name = '', focusKey?: string): TerminalGroup {
  const [id = ''] = paneKeys(layout)
  return { id, name, layout, focusKey: focusKey ?? id, zoomed: false, broadcast: false }
}

/** Opens a tab of its own for a terminal, at the right end. */
export function addTab(state: TerminalTabs, tab: TerminalTab): TerminalTabs {
  return {
    ...state,
    tabs: [...state.tabs, tab],
    groups: [...state.groups, groupFor(paneLayout(tab.key))],
    activeKey: tab.key,
    closed: state.closed.filter(({ tab: { terminalId } }) => terminalId !== tab.terminalId),
  }
}

/** Puts a terminal right of another one or below it. */
export function addPane(
  state: TerminalTabs,
  { besideKey, direction, tab }: { besideKey: string; direction: Direction; tab: TerminalTab },
): TerminalTabs {
  const group = groupOf(state, besideKey)
  if (!group) return state
  const layout = splitPane(group.layout, besideKey, direction, tab.key)
  const next = changeGroup(state, group.id, { layout, focusKey: tab.key, zoomed: false })
  return { ...next, tabs: [...state.tabs, tab], activeKey: tab.key }
}

/** Takes a terminal away. With its last one a tab goes; its right neighbour, else its left one, comes to the front. */
export function removeTab(state: TerminalTabs, key: string, now: number): TerminalTabs {
  const tab = state.tabs.find((other) => other.key === key)
  const group = groupOf(state, key)
  if (!tab || !group) return state
  const index = state.groups.indexOf(group)
  const left = withoutPane(group, key)
  const groups = left ? state.groups.with(index, left) : state.groups.toSpliced(index, 1)
  const heir = left ?? groups[index] ?? groups[index - 1]
  return {
    tabs: state.tabs.filter((other) => other !== tab),
    groups,
    activeKey: state.activeKey === key ? heir?.focusKey : state.activeKey,
    drawerOpen: state.drawerOpen && groups.length > 0,
    closed: [...state.closed, { tab, closedAt: now }].slice(-closedAtMost),
  }
}

function withoutPane(group: TerminalGroup, key: string): TerminalGroup | undefined {
  const layout = removePane(group.layout, key)
  if (!layout) return undefined
  const [first = ''] = paneKeys(layout)
  const focusKey = group.focusKey === key ? first : group.focusKey
  return { ...group, layout, focusKey, zoomed: false, broadcast: group.broadcast && layout.kind === 'split' }
}

/** Brings a terminal and its tab to the front. */
export function activateTab(state: TerminalTabs, key: string): TerminalTabs {
  const group = groupOf(state, key)
  if (!group || (state.activeKey === key && group.focusKey === key)) return state
  return { ...changeGroup(state, group.id, { focusKey: key }), activeKey: key }
}

export function changeTab(state: TerminalTabs, key: string, change: Partial<TerminalTab>): TerminalTabs {
  return { ...state, tabs: state.tabs.map((tab) => (tab.key === key ? { ...tab, ...change } : tab)) }
}

export function changeGroup(state: TerminalTabs, id: string, change: Partial<TerminalGroup>): TerminalTabs {
  return {
    ...state,
    groups: state.groups.map((group) => (group.id === id ? { ...group, ...change } : group)),
  }
}

/** Moves a tab of the bar to another place, counted without it. */
export function moveGroup(state: TerminalTabs, id: string, to: number): TerminalTabs {
  const group = state.groups.find((other) => other.id === id)
  if (!group) return state
  const rest = state.groups.filter((other) => other !== group)
  return { ...state, groups: rest.toSpliced(Math.max(0, Math.min(to, rest.length)), 0, group) }
}

/** The focused terminal of the tab `steps` further right, round the ends. */
export function neighbourKey(state: TerminalTabs, steps: number): string | undefined {
  const current = groupOf(state, state.activeKey)
  const index = current ? state.groups.indexOf(current) : 0
  return state.groups.at((index + steps) % Math.max(1, state.groups.length))?.focusKey
}
