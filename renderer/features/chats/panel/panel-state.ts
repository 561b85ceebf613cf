import { createKept, numberWithin, useKept } from '../../../lib/kept-state.ts'
import { panelTabs, type PanelTab } from './panel-slots.ts'

/** Limits of the panel beside a conversation, in pixels. */
export const panelLimits = { min: 280, rest: 388, max: 900 } as const

interface PanelView {
  readonly width: number
  readonly tab: PanelTab
  readonly isOpen: boolean
}

const usual: PanelView = { width: panelLimits.rest, tab: 'changes', isOpen: false }
/** Chats whose panel is remembered; the ones changed last. */
const keptAtMost = 200

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
  const tab = 'tab' in view ? panelTabs.find((known) => known === view.tab) : undefined
  return [
    [
      chatId,
      {
        width: width ?? usual.width,
        tab: tab ?? usual.tab,
        isOpen: 'isOpen' in view && view.isOpen === true,
      },
    ],
  ]
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
