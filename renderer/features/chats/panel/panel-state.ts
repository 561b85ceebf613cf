import { createKept, numberWithin, useKept } from '../../../lib/kept-state.ts'
import { panelTabs, type PanelApp, type PanelTab } from './panel-slots.ts'

/** Limits of the panel beside a conversation, in pixels. */
export const panelLimits = { min: 280, rest: 388, max: 900 } as const

/** A part of the panel, or an app by its key. */
export type ShownTab = PanelTab | `app:${string}`

/** What an app's tab is known by. */
export function appTab({ agent, slug }: PanelApp): ShownTab {
  return `app:${agent}/${slug}`
}

interface PanelView {
  readonly width: number
  readonly tab: ShownTab
  readonly isOpen: boolean
  /** Those that have tabs, in order. */
  readonly apps: readonly PanelApp[]
}

const usual: PanelView = { width: panelLimits.rest, tab: 'changes', isOpen: false, apps: [] }
/** Chats whose panel is remembered; the ones changed last. */
const keptAtMost = 200
/** Tabs of apps in one panel. */
const appsAtMost = 8

const views = createKept<readonly (readonly [chatId: string, view: PanelView])[]>(
  'chats.panel',
  [],
  (stored) => (Array.isArray(stored) ? stored.flatMap(parseEntry) : undefined),
)

function parseEntry(entry: unknown): [string, PanelView][] {
  if (!Array.isArray(entry)) return []
  const [chatId, view] = entry as readonly unknown[]
  if (typeof chatId !== 'string' || typeof view !== 'object' || view === null) return []
  const width = 'width' in view ? numberWithin(panelLimits.min, panelLimits.max)(view.width) : undefined
  const apps =
    'apps' in view && Array.isArray(view.apps) ? view.apps.flatMap(parseApp).slice(-appsAtMost) : []
  const known = [...panelTabs, ...apps.map(appTab)]
  const tab = 'tab' in view ? known.find((one) => one === view.tab) : undefined
  return [
    [
      chatId,
      {
        width: width ?? usual.width,
        tab: tab ?? usual.tab,
        isOpen: 'isOpen' in view && view.isOpen === true,
        apps,
      },
    ],
  ]
}

function parseApp(entry: unknown): PanelApp[] {
  if (typeof entry !== 'object' || entry === null) return []
  const { agent, slug, name } = entry as Readonly<Record<string, unknown>>
  return isShort(agent) && isShort(slug) && isShort(name) ? [{ agent, slug, name }] : []
}

function isShort(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 200
}

/** With the app's tab, in front; what was opened first goes when there are too many. */
export function withApp({ apps }: Pick<PanelView, 'apps'>, app: PanelApp): Partial<PanelView> {
  const others = apps.filter((one) => appTab(one) !== appTab(app))
  return {
    tab: appTab(app),
    apps: (others.length === apps.length ? [...apps, app] : apps).slice(-appsAtMost),
  }
}

/** Without it; at the apps to choose from where it was in front. */
export function withoutApp(
  { apps, tab }: Pick<PanelView, 'apps' | 'tab'>,
  app: PanelApp,
): Partial<PanelView> {
  return { tab: tab === appTab(app) ? 'apps' : tab, apps: apps.filter((one) => appTab(one) !== appTab(app)) }
}

/** The panel of one chat as it was left, and how to change it. */
export function usePanelView(chatId: string): readonly [PanelView, (change: Partial<PanelView>) => void] {
  const all = useKept(views)
  const view = all.find(([id]) => id === chatId)?.[1] ?? usual
  const change = (next: Partial<PanelView>): void => {
    const others = views.get().filter(([id]) => id !== chatId)
    const before = views.get().find(([id]) => id === chatId)?.[1] ?? usual
    views.set([[chatId, { ...before, ...next }] as const, ...others].slice(0, keptAtMost))
  }
  return [view, change]
}
