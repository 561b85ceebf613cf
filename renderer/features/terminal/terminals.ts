import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Settings } from '#ipc/settings'
import type { BridgePort } from './bridge-port.ts'
import type { CreateScreen } from './screen.ts'
import { noNews, TerminalSession, type SessionNews, type TerminalTarget } from './terminal-session.ts'
import {
  addTab,
  changeTab,
  removeTab,
  type TerminalTab,
  type TerminalTabsStore,
} from './terminal-tabs-store.ts'

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
  open(place: TerminalPlace, reveal: boolean): void
  close(key: string): void
  activate(key: string): void
  setDrawerOpen(open: boolean): void
  /** The session of a tab, made when a view first asks. */
  session(tab: TerminalTab, createScreen: CreateScreen, settings: Settings['terminal']): TerminalSession
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

  return {
    store,
    news,
    find: (key) => sessions.get(key)?.screen.askFind(),
    screens: () => (loading ??= loadScreens()),
    open: (place, reveal) => {
      const tab: TerminalTab = { ...place, key: newId(), terminalId: newId(), title: '' }
      store.setState((state) => ({ ...addTab(state, tab), drawerOpen: state.drawerOpen || reveal }))
    },
    close: (key) => {
      sessions.get(key)?.close()
      sessions.delete(key)
      tell(key, undefined)
      store.setState((state) => removeTab(state, key))
    },
    activate: (key) => store.setState({ activeKey: key }),
    setDrawerOpen: (open) => store.setState({ drawerOpen: open }),
    session: (tab, createScreen, settings) => {
      const existing = sessions.get(tab.key)
      if (existing) return existing
      const screen = createScreen(settings)
      const session = new TerminalSession(port(), screen, targetOf(tab))
      screen.onTitle((title) => store.setState((state) => changeTab(state, tab.key, { title })))
      session.subscribe(() => tell(tab.key, session.news()))
      sessions.set(tab.key, session)
      return session
    },
    restart: (key, agentId) => {
      const tab = store.getState().tabs.find((other) => other.key === key)
      if (!tab) return
      const next = { ...tab, terminalId: newId(), agentId: agentId ?? tab.agentId, title: '' }
      store.setState((state) => changeTab(state, key, next))
      sessions.get(key)?.replace(targetOf(next))
    },
    configure: (settings) => {
      for (const session of sessions.values()) session.screen.configure(settings)
    },
  }
}

function targetOf({ terminalId, deploymentId, agentId }: TerminalTab): TerminalTarget {
  return { terminalId, deploymentId, agentId, command: '' }
}
