import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { useKept } from '../../lib/kept-state.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import {
  ChevronDownIcon,
  MaximizeIcon,
  MinimizeIcon,
  PlusIcon,
  TerminalIcon,
  XIcon,
} from '../../ui/icons.tsx'
import { TabTitle } from '../../ui/tab-title.tsx'
import { clampShare, drawerLimits, drawerShare, shareAfterKey } from './drawer-size.ts'

/** One tab of the drawer. */
export interface DrawerTab {
  readonly id: string
  readonly title: string
  /** It printed something since it was last seen. */
  readonly hasNews?: boolean | undefined
}

export interface TerminalDrawerProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly tabs: readonly DrawerTab[]
  readonly activeId: string | null
  readonly onSelect: (id: string) => void
  readonly onClose: (id: string) => void
  /** Left out where no terminal can be opened. */
  readonly onNew?: (() => void) | undefined
  /** At the right end, before the buttons: `Re-joined 2 min ago`. */
  readonly status?: ReactNode
  /** More small buttons: search, split. */
  readonly actions?: ReactNode
  /** The terminals. They stay in the tree while the drawer is hidden, so no session is lost. */
  readonly children: ReactNode
}

/** The terminals at the bottom, open across pages: resizable, remembers its height, hides without ending anything. */
export function TerminalDrawer(props: TerminalDrawerProps) {
  const share = useKept(drawerShare)
  const root = useRef<HTMLElement>(null)
  const isTall = share >= drawerLimits.max

  return (
    <section
      ref={root}
      aria-label="Terminals"
      hidden={!props.open}
      className={classNames(
        'relative min-h-0 flex-none flex-col border-t border-line-strong bg-term',
        props.open ? 'flex' : 'hidden',
      )}
      style={{ height: `${share * 100}%` }}
    >
      <DrawerEdge share={share} pageHeight={() => root.current?.parentElement?.clientHeight ?? 0} />
      <header className="flex h-9 flex-none items-center gap-0.5 pr-2 pl-3">
        <DrawerTabs {...props} />
        {props.onNew ? (
          <IconButton size="sm" label="New terminal" icon={<PlusIcon />} onClick={props.onNew} />
        ) : null}
        <div className="ml-auto flex flex-none items-center gap-1">
          {props.status === undefined ? null : (
            <span className="mr-2 hidden text-sm text-fg-3 mid:inline">{props.status}</span>
          )}
          {props.actions}
          <IconButton
            size="sm"
            label={isTall ? 'Restore the height' : 'Maximise'}
            icon={isTall ? <MinimizeIcon /> : <MaximizeIcon />}
            onClick={() => {
              drawerShare.set(isTall ? drawerLimits.rest : drawerLimits.max)
            }}
          />
          <IconButton
            size="sm"
            label="Hide the drawer"
            keys="Ctrl+`"
            icon={<ChevronDownIcon />}
            onClick={() => {
              props.onOpenChange(false)
            }}
          />
        </div>
      </header>
      <div className="min-h-0 flex-1">{props.children}</div>
    </section>
  )
}

function DrawerTabs({ tabs, activeId, onSelect, onClose }: TerminalDrawerProps) {
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const tab = tabs[index]
    if (event.key === 'Delete' && tab) onClose(tab.id)
    const next = tabs[(index + step + tabs.length) % tabs.length]
    if (step === 0 || !next) return
    event.preventDefault()
    onSelect(next.id)
    const siblings = event.currentTarget
      .closest('[role=tablist]')
      ?.querySelectorAll<HTMLElement>('[role=tab]')
    siblings?.[(index + step + tabs.length) % tabs.length]?.focus()
  }
  return (
    <div
      role="tablist"
      aria-label="Terminals"
      className="flex min-w-0 gap-0.5 overflow-x-auto [scrollbar-width:none]"
    >
      {tabs.map((tab, index) => (
        <div
          key={tab.id}
          role="presentation"
          className={classNames(
            'flex h-[26px] min-w-0 flex-none items-center rounded-md pr-1 pl-2',
            tab.id === activeId ? 'bg-active text-fg' : 'text-fg-2 hover:bg-hover',
          )}
          onAuxClick={(event) => {
            if (event.button === 1) onClose(tab.id)
          }}
        >
          <button
            type="button"
            role="tab"
            aria-selected={tab.id === activeId}
            aria-keyshortcuts="Delete"
            tabIndex={tab.id === activeId ? 0 : -1}
            className="flex max-w-60 min-w-0 items-center gap-2 rounded-sm pr-1"
            onClick={() => {
              onSelect(tab.id)
            }}
            onKeyDown={(event) => {
              onKeyDown(event, index)
            }}
          >
            <TerminalIcon className="size-3.5 text-fg-3" />
            <TabTitle title={tab.title} hasNews={tab.hasNews} />
          </button>
          {/* A tab list may hold tabs only, so this is for the pointer; the keyboard has Delete. */}
          <button
            type="button"
            tabIndex={-1}
            aria-hidden="true"
            title={`Close ${tab.title}`}
            className="grid size-5 place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg"
            onClick={() => {
              onClose(tab.id)
            }}
          >
            <XIcon className="size-3" />
          </button>
        </div>
      ))}
    </div>
  )
}

/** The upper edge: drag it, or arrow keys; Enter or a double click restores the usual height. */
function DrawerEdge({ share, pageHeight }: { readonly share: number; readonly pageHeight: () => number }) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    event.preventDefault()
    const edge = event.currentTarget
    const startY = event.clientY
    const height = pageHeight()
    if (height === 0) return
    edge.setPointerCapture(event.pointerId)
    edge.onpointermove = (move) => {
      drawerShare.set(clampShare(share + (startY - move.clientY) / height))
    }
    edge.onpointerup = () => {
      edge.onpointermove = null
      edge.onpointerup = null
    }
  }
  return (
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the terminals"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={drawerLimits.min * 100}
      aria-valuemax={drawerLimits.max * 100}
      tabIndex={0}
      className="group absolute inset-x-0 -top-[5px] z-10 flex h-2.5 cursor-row-resize touch-none justify-center"
      onPointerDown={onPointerDown}
      onDoubleClick={() => {
        drawerShare.set(drawerLimits.rest)
      }}
      onKeyDown={(event) => {
        const next = shareAfterKey(event.key, share)
        if (next === null) return
        event.preventDefault()
        drawerShare.set(next)
      }}
    >
      <span className="mt-2 h-[3px] w-8 rounded-full bg-line-ui opacity-50 group-hover:opacity-100 group-active:bg-accent" />
    </div>
  )
}
