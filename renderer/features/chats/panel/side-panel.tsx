import { IconButton } from '../../../ui/icon-button.tsx'
import { XIcon } from '../../../ui/icons.tsx'
import { TabPanel, Tabs } from '../../../ui/tabs.tsx'
import { WidthEdge } from '../width-edge.tsx'
import type { PanelContext, PanelSlots, PanelSubject, PanelTab } from './panel-slots.ts'
import { panelTabs } from './panel-slots.ts'
import { panelLimits, usePanelView } from './panel-state.ts'

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
  const tab = tabs.includes(view.tab) ? view.tab : tabs[0]
  if (tab === undefined) return null
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
          items={tabs.map((value) => ({
            value,
            label: labels[value],
            count: value === 'changes' && files ? files : undefined,
          }))}
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
          <TabPanel value={tab}>{slots[tab]?.render(context)}</TabPanel>
        </Tabs>
      </aside>
    </>
  )
}
