import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Settings, TerminalProfile } from '#ipc/settings'
import type { BridgePort } from '../../api/bridge-port.ts'
import type { CreateScreen } from './screen.ts'
import {
  activateTab,
  addPane,
  addTab,
  changeTab,
  groupOf,
  removeTab,
  type TerminalTab,
  type TerminalTabs,
} from './terminal-groups.ts'
import { maxPanes, paneKeys, type Direction } from './terminal-layout.ts'
import { noNews, TerminalSession, type SessionNews, type TerminalTarget } from './terminal-session.ts'
import type { TerminalTabsStore } from './terminal-tabs-store.ts'
import { isTyped } from './typed-input.ts'
import { shellIn } from './working-directory.ts'

/** Where a new terminal goes. */
export interface TerminalPlace {
  readonly deploymentId: string
  readonly workspaceId: string
  readonly workspaceName: string
  readonly agentId: string
  readonly agentName: string
  readonly showAgent: boolean
}

export interface TerminalsDeps {
  readonly store: TerminalTabsStore
  /** Asked for with the first session. */
  readonly port: () => BridgePort
  /** Loads the terminal's code; it is not part of the first screen. */
  readonly loadScreens: () => Promise<CreateScreen>
  readonly newId: () => string
}

/** All terminals of the window. Sessions outlive the views that show them. */
export interface Terminals {
  readonly store: TerminalTabsStore
  /** The same promise every time, for `use`. */
  screens(): Promise<CreateScreen>
  /** Opens a new terminal and brings it to the front. `reveal` also opens the drawer. */
  open(place: TerminalPlace, reveal: boolean, profile?: TerminalProfile): void
  /** Shows a shell that runs already: its tab where it has one, else a new tab. */
  rejoin(place: TerminalPlace, shell: { readonly terminalId: string; readonly title: string }): void
  /** Opens a new terminal beside this one, in the same tab. */
  split(key: string, direction: Direction): void
  close(key: string): void
  /** Brings back the terminal whose tab was closed last: its shell while the server keeps it, else a new one. */
  reopenClosed(): void
  activate(key: string): void
  setDrawerOpen(open: boolean): void
  change(change: (state: TerminalTabs) => TerminalTabs): void
  /** The session of a tab, made when a view first asks. */
  session(tab: TerminalTab, createScreen: CreateScreen, settings: Settings['terminal']): TerminalSession
  /** Pastes into this terminal, and into the others of its tab where they are typed into together. */
  paste(key: string, text: string): void
  /** Each program that a paste into this terminal reaches takes it as a whole, and runs none of it. */
  takesPasteWhole(key: string): boolean
  /** All that this terminal printed and still has, as text. */
  text(key: string): string
  jumpToPrompt(key: string, direction: 'previous' | 'next'): void
  selectLastOutput(key: string): void
  /** The shell says where it is: a new one beside it starts there. */
  setDirectory(key: string, path: string): void
  /** Where the shell is, as far as it said. */
  directory(key: string): string | undefined
  /** Opens a new tab where this terminal is. */
  duplicate(key: string): void
  /** Starts a fresh shell in the tab: after the old one ended, or on the agent of a newer build. */
  restart(key: string, agentId?: string): void
  configure(settings: Settings['terminal']): void
  /** What happened in the sessions, by the key of their tab. */
  readonly news: StoreApi<ReadonlyMap<string, SessionNews>>
  /** Opens the find field of the terminal in this tab. */
  find(key: string): void
}

/** Makes the window's terminals. */
export function createTerminals({ store, port, loadScreens, newId }: TerminalsDeps): Terminals {
  const sessions = new Map<string, TerminalSession>()
  let loading: Promise<CreateScreen> | undefined
  const news = createStore<ReadonlyMap<string, SessionNews>>(() => new Map())
  const tell = (key: string, next: SessionNews | undefined): void => {
    if ((news.getState().get(key) ?? noNews) === (next ?? noNews)) return
    const map = new Map(news.getState())
    if (next) map.set(key, next)
    else map.delete(key)
    news.setState(map, true)
  }
  /** Shells that this window made: no server has anything of theirs to send again. */
  const madeHere = new Set<string>()
  const newShell = (): string => {
    const terminalId = newId()
    madeHere.add(terminalId)
    return terminalId
  }
  const targetOf = ({ terminalId, deploymentId, agentId, command }: TerminalTab): TerminalTarget => ({
    terminalId,
    deploymentId,
    agentId,
    command,
    hasPast: !madeHere.has(terminalId),
  })
  const newTab = (
    place: TerminalPlace,
    shell?: { terminalId: string; title: string },
    profile?: TerminalProfile,
  ): TerminalTab => ({
    ...placeFrom(place),
    key: newId(),
    terminalId: shell?.terminalId ?? newShell(),
    title: shell?.title ?? '',
    command: profile?.command ?? '',
    profile: profile?.name ?? '',
  })
  const show = (tab: TerminalTab, reveal: boolean): void =>
    store.setState((state) => ({ ...addTab(state, tab), drawerOpen: state.drawerOpen || reveal }))
  /** The other terminals of the tab that get what is typed into this one. */
  const echoes = (key: string): readonly TerminalSession[] => {
    const group = groupOf(store.getState(), key)
    if (!group?.broadcast) return []
    return paneKeys(group.layout).flatMap((other) => (other === key ? [] : (sessions.get(other) ?? [])))
  }
  /** A tab that was not looked at since the window was loaded has no session; the bridge may have its terminal. */
  const forget = ({ terminalId }: TerminalTab): void => void port().send({ type: 'close', terminalId })
  let isPasting = false
  /** Where the shells are, as they tell it. */
  const directories = new Map<string, string>()
  /** A new shell where this one is. */
  const besideTab = (tab: TerminalTab): TerminalTab => {
    const directory = directories.get(tab.key)
    return { ...newTab(tab), command: directory === undefined ? '' : shellIn(directory) }
  }

  return {
    store,
    news,
    find: (key) => sessions.get(key)?.screen.askFind(),
    setDirectory: (key, path) => void directories.set(key, path),
    directory: (key) => directories.get(key),
    duplicate: (key) => {
      const tab = store.getState().tabs.find((other) => other.key === key)
      if (tab) show(besideTab(tab), false)
    },
    jumpToPrompt: (key, direction) => void sessions.get(key)?.screen.jumpToPrompt(direction),
    selectLastOutput: (key) => void sessions.get(key)?.screen.selectLastOutput(),
    text: (key) => sessions.get(key)?.screen.text() ?? '',
    screens: () => (loading ??= loadScreens()),
    open: (place, reveal, profile) => show(newTab(place, undefined, profile), reveal),
    rejoin: (place, { terminalId, title }) => {
      const open = store.getState().tabs.find((tab) => tab.terminalId === terminalId)
      if (open) store.setState((state) => activateTab(state, open.key))
      else show(newTab(place, { terminalId, title }), false)
    },
    split: (key, direction) => {
      const state = store.getState()
      const tab = state.tabs.find((other) => other.key === key)
      const group = groupOf(state, key)
      if (!tab || !group || paneKeys(group.layout).length >= maxPanes) return
      store.setState(addPane(state, { besideKey: key, direction, tab: besideTab(tab) }))
    },
    close: (key) => {
      const session = sessions.get(key)
      const tab = store.getState().tabs.find((other) => other.key === key)
      if (session) session.close()
      else if (tab) forget(tab)
      sessions.delete(key)
      directories.delete(key)
      tell(key, undefined)
      store.setState((state) => removeTab(state, key, Date.now()))
    },
    reopenClosed: () => {
      const last = store.getState().closed.at(-1)
      if (last) show({ ...last.tab, key: newId() }, true)
    },
    activate: (key) => store.setState((state) => activateTab(state, key)),
    setDrawerOpen: (open) => store.setState({ drawerOpen: open }),
    change: (change) => store.setState(change),
    session: (tab, createScreen, settings) => {
      const existing = sessions.get(tab.key)
      if (existing) return existing
      const screen = createScreen(settings)
      const session = new TerminalSession(port(), screen, targetOf(tab))
      screen.onTitle((title) => store.setState((state) => changeTab(state, tab.key, { title })))
      screen.onInput((text) => {
        if (isPasting || !isTyped(text)) return
        for (const other of echoes(tab.key)) other.input(text)
      })
      session.subscribe(() => tell(tab.key, session.news()))
      sessions.set(tab.key, session)
      return session
    },
    paste: (key, text) => {
      const session = sessions.get(key)
      if (!session) return
      // Each program says for itself how it takes a paste, so each screen pastes.
      isPasting = true
      for (const each of [session, ...echoes(key)]) each.screen.paste(text)
      isPasting = false
    },
    takesPasteWhole: (key) =>
      [sessions.get(key) ?? [], ...echoes(key)].flat().every(({ screen }) => screen.wantsBracketedPaste()),
    restart: (key, agentId) => {
      const tab = store.getState().tabs.find((other) => other.key === key)
      if (!tab) return
      // Where it began is no wish any more, what it was opened for is.
      const command = tab.profile === '' ? '' : tab.command
      const next = { ...tab, terminalId: newShell(), agentId: agentId ?? tab.agentId, title: '', command }
      store.setState((state) => changeTab(state, key, next))
      const session = sessions.get(key)
      if (session) session.replace(targetOf(next))
      else forget(tab)
    },
    configure: (settings) => {
      for (const session of sessions.values()) session.screen.configure(settings)
    },
  }
}

/** A place may come with more in it: another tab is one. */
function placeFrom(place: TerminalPlace): TerminalPlace {
  const { deploymentId, workspaceId, workspaceName, agentId, agentName, showAgent } = place
  return { deploymentId, workspaceId, workspaceName, agentId, agentName, showAgent }
}
