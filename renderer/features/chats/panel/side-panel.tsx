import { useRef } from 'react'
import { plainText } from '../../../lib/plain-text.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { XIcon } from '../../../ui/icons.tsx'
import { TabPanel, Tabs } from '../../../ui/tabs.tsx'
import { WidthEdge } from '../width-edge.tsx'
import type { PanelContext, PanelSlots, PanelSubject, PanelTab } from './panel-slots.ts'
import { panelTabs } from './panel-slots.ts'
import { appTab, panelLimits, usePanelView, type ShownTab } from './panel-state.ts'
import { usePanelApps } from './use-panel-apps.ts'

const labels: Readonly<Record<PanelTab, string>> = {
  changes: 'Changes',
  files: 'Files',
  plan: 'Plan',
  summary: 'Summary',
  terminal: 'Terminal',
  apps: 'Apps',
  desktop: 'Desktop',
  cost: 'Cost',
  debug: 'Debug',
}

/** The tabs that have something for a chat. */
export function shownTabs(slots: PanelSlots, subject: PanelSubject): readonly PanelTab[] {
  return panelTabs.filter((tab) => {
    const slot = slots[tab]
    return slot !== undefined && (slot.isFor?.(subject) ?? true)
  })
}

export interface SidePanelProps {
  readonly slots: PanelSlots
  readonly context: PanelContext
  /** There is no room beside the conversation: it lies over it. */
  readonly isOver: boolean
}

/** What an agent did and works with, beside the conversation. Width and tab are kept by chat. */
export function SidePanel({ slots, context, isOver }: SidePanelProps) {
  const [view, change] = usePanelView(context.chat.id)
  const tabs = shownTabs(slots, context)
  const shownApps = slots.app?.isFor(context) === true ? view.apps : []
  const all: readonly ShownTab[] = [...tabs, ...shownApps.map(appTab)]
  const tab = all.includes(view.tab) ? view.tab : tabs[0]
  const panel = useRef<HTMLElement>(null)
  const apps = usePanelApps(context, panel)
  if (tab === undefined) return null
  const app = shownApps.find((one) => appTab(one) === tab)
  const files = context.chat.diff_status?.changed_files
  return (
    <>
      {isOver ? null : (
        <WidthEdge
          label="Width of the panel"
          isBefore
          width={view.width}
          limits={panelLimits}
          onWidth={(width) => change({ width })}
        />
      )}
      <aside
        ref={panel}
        aria-label="What the agent works on"
        style={isOver ? undefined : { width: view.width }}
        className={
          isOver
            ? 'absolute inset-0 z-20 flex min-h-0 flex-col bg-page'
            : 'flex min-h-0 flex-none flex-col border-l border-line'
        }
      >
        <Tabs
          aria-label="What the agent works on"
          tall
          items={[
            ...tabs.map((value) => ({
              value,
              label: labels[value],
              count: value === 'changes' && files ? files : undefined,
            })),
            ...shownApps.map((shown) => ({
              value: appTab(shown),
              label: plainText(shown.name, 60),
              onClose: () => apps.close(shown),
            })),
          ]}
          value={tab}
          onChange={(next) => change({ tab: next })}
          end={
            <IconButton
              size="sm"
              label="Close the panel"
              icon={<XIcon />}
              onClick={() => change({ isOpen: false })}
            />
          }
        >
          <TabPanel value={tab}>
            {app === undefined
              ? slots[tab as PanelTab]?.render({ ...context, apps })
              : slots.app?.render({ ...context, apps }, app)}
          </TabPanel>
        </Tabs>
      </aside>
    </>
  )
}
