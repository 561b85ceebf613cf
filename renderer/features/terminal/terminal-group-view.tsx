import { useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../lib/class-names.ts'
import { changeGroup, type TerminalGroup } from './terminal-groups.ts'
import { dividers, paneBoxes, paneKeys, setShare, type Box, type Divider } from './terminal-layout.ts'
import { TerminalView } from './terminal-view.tsx'
import { useTerminals, useTerminalTabs } from './terminals-context.tsx'

/** The terminals of one tab, side by side. Needs a Suspense above it. */
export function TerminalGroupView({ group }: { readonly group: TerminalGroup }) {
  const terminals = useTerminals()
  const { tabs } = useTerminalTabs()
  const root = useRef<HTMLDivElement>(null)
  const keys = paneKeys(group.layout)
  const isSplit = keys.length > 1
  const boxes = paneBoxes(group.layout)
  const shown = group.zoomed ? [group.focusKey] : keys
  const stopBroadcast = (): void =>
    terminals.change((state) => changeGroup(state, group.id, { broadcast: false }))
  return (
    <div className="flex h-full min-h-0 flex-col">
      {group.broadcast ? (
        <div role="status" className="flex flex-none items-center gap-3 bg-warn-bg px-3 py-1 text-sm text-fg">
          <span className="flex-1">
            What you type goes to each of the {keys.length} terminals of this tab.
          </span>
          <Button size="sm" onClick={stopBroadcast}>
            Stop
          </Button>
        </div>
      ) : null}
      <div ref={root} className="relative min-h-0 flex-1">
        {tabs
          .filter(({ key }) => shown.includes(key))
          .map((tab) => (
            <section
              key={tab.key}
              aria-label={`Terminal ${keys.indexOf(tab.key) + 1} of ${keys.length}`}
              className={classNames(
                'absolute',
                isSplit && 'border border-line',
                isSplit && tab.key === group.focusKey && 'border-accent',
                group.broadcast && 'border-warn',
              )}
              style={group.zoomed ? { inset: 0 } : placed(boxes.get(tab.key))}
              onFocusCapture={() => terminals.activate(tab.key)}
            >
              <TerminalView tab={tab} hasFocus={tab.key === group.focusKey} />
            </section>
          ))}
        {group.zoomed
          ? null
          : dividers(group.layout).map((divider) => (
              <PaneDivider key={divider.path} group={group} divider={divider} root={root} />
            ))}
      </div>
    </div>
  )
}

interface PaneDividerProps {
  readonly group: TerminalGroup
  readonly divider: Divider
  readonly root: RefObject<HTMLDivElement | null>
}

const keyStep = 0.02

/** The line between two parts: drag it, or arrow keys; Enter or a double click makes both equal. */
function PaneDivider({ group, divider, root }: PaneDividerProps) {
  const terminals = useTerminals()
  const { path, direction, share, box } = divider
  const isRow = direction === 'row'
  const set = (next: number): void =>
    terminals.change((state) => changeGroup(state, group.id, { layout: setShare(group.layout, path, next) }))
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const area = root.current?.getBoundingClientRect()
    if (event.button !== 0 || !area) return
    event.preventDefault()
    const line = event.currentTarget
    line.setPointerCapture(event.pointerId)
    line.onpointermove = (move) => {
      const at = isRow ? (move.clientX - area.left) / area.width : (move.clientY - area.top) / area.height
      set(isRow ? (at - box.left) / box.width : (at - box.top) / box.height)
    }
    line.onpointerup = () => {
      line.onpointermove = null
      line.onpointerup = null
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const less = isRow ? 'ArrowLeft' : 'ArrowUp'
    const more = isRow ? 'ArrowRight' : 'ArrowDown'
    const next = { [less]: share - keyStep, [more]: share + keyStep, Enter: 0.5 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    set(next)
  }
  const at = isRow ? box.left + box.width * share : box.top + box.height * share
  return (
    <div
      role="separator"
      aria-orientation={isRow ? 'vertical' : 'horizontal'}
      aria-label={isRow ? 'Width of the terminals' : 'Height of the terminals beside each other'}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={10}
      aria-valuemax={90}
      tabIndex={0}
      className={classNames(
        'absolute z-10 touch-none hover:bg-accent focus-visible:bg-accent',
        isRow ? 'w-1 -translate-x-1/2 cursor-col-resize' : 'h-1 -translate-y-1/2 cursor-row-resize',
      )}
      style={
        isRow
          ? { left: percent(at), top: percent(box.top), height: percent(box.height) }
          : { top: percent(at), left: percent(box.left), width: percent(box.width) }
      }
      onPointerDown={onPointerDown}
      onDoubleClick={() => set(0.5)}
      onKeyDown={onKeyDown}
    />
  )
}

function placed(box: Box | undefined) {
  if (!box) return { display: 'none' }
  return {
    left: percent(box.left),
    top: percent(box.top),
    width: percent(box.width),
    height: percent(box.height),
  }
}

function percent(share: number): string {
  return `${share * 100}%`
}
