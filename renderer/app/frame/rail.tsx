import type { ReactElement, ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { CountPill } from '../../ui/badge.tsx'
import { PanelLeftIcon } from '../../ui/icons.tsx'
import { StatusMark, type Status } from '../../ui/status-mark.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'

/** One place to go to. */
export interface RailItem {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  /** In place of an icon, for a thing with a state. */
  readonly status?: Status | undefined
  /** A quiet count or time at the right end. */
  readonly detail?: ReactNode
  /** A count that waits for the person. */
  readonly attention?: number | undefined
  readonly active?: boolean | undefined
  readonly href: string
  readonly onSelect: () => void
}

/** A group of places with a heading. */
export interface RailSection {
  readonly title: string
  readonly items: readonly RailItem[]
}

export interface RailProps {
  readonly items: readonly RailItem[]
  /** Pinned workspaces, running chats. An empty one is left out. */
  readonly sections?: readonly RailSection[] | undefined
  /** At the foot: settings. */
  readonly foot: readonly RailItem[]
  /** 52 px wide, icons alone. Narrow windows always are. */
  readonly collapsed: boolean
  /** Left out where the window is too narrow to choose. */
  readonly onToggle?: (() => void) | undefined
}

/** The navigation at the left. */
export function Rail({ items, sections = [], foot, collapsed, onToggle }: RailProps) {
  return (
    <nav
      aria-label="Main"
      className="flex min-h-0 flex-col gap-0.5 overflow-x-hidden overflow-y-auto px-2.5 pt-1 pb-2.5 [scrollbar-width:none]"
    >
      {items.map((item) => (
        <RailLink key={item.id} item={item} collapsed={collapsed} />
      ))}
      {sections
        .filter((section) => section.items.length > 0)
        .map((section) => (
          <section key={section.title} aria-label={section.title} className="flex flex-col gap-0.5">
            {collapsed ? (
              <div className="mx-1.5 my-2 h-px bg-line-strong" />
            ) : (
              <h2 className="px-2 pt-3.5 pb-1 text-sm text-fg-3">{section.title}</h2>
            )}
            {section.items.map((item) => (
              <RailLink key={item.id} item={item} collapsed={collapsed} />
            ))}
          </section>
        ))}
      <div className={classNames('mt-auto flex gap-0.5 pt-2', collapsed && 'flex-col')}>
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          {foot.map((item) => (
            <RailLink key={item.id} item={item} collapsed={collapsed} />
          ))}
        </div>
        {onToggle ? (
          <WithTooltip
            label={collapsed ? 'Expand the rail' : 'Collapse the rail'}
            keys="Mod+B"
            side={collapsed ? 'right' : 'top'}
            show
          >
            <button
              type="button"
              aria-label={collapsed ? 'Expand the rail' : 'Collapse the rail'}
              aria-expanded={!collapsed}
              className="flex h-7 w-8 flex-none items-center self-end rounded-md px-2 text-fg-3 hover:bg-hover hover:text-fg"
              onClick={onToggle}
            >
              <PanelLeftIcon />
            </button>
          </WithTooltip>
        ) : null}
      </div>
    </nav>
  )
}

function RailLink({ item, collapsed }: { readonly item: RailItem; readonly collapsed: boolean }) {
  const { attention = 0 } = item
  return (
    <WithTooltip label={item.label} show={collapsed}>
      <a
        href={item.href}
        draggable={false}
        aria-current={item.active ? 'page' : undefined}
        aria-label={collapsed ? item.label : undefined}
        className={classNames(
          'relative flex h-7 flex-none items-center gap-2.5 rounded-md px-2 whitespace-nowrap',
          item.active
            ? 'bg-active font-medium text-fg [&>.lucide]:text-fg'
            : 'text-fg-2 hover:bg-hover hover:text-fg [&>.lucide]:text-fg-3',
          collapsed && 'w-8',
        )}
        onClick={(event) => {
          event.preventDefault()
          item.onSelect()
        }}
      >
        {item.status === undefined ? (
          item.icon
        ) : (
          <span className="grid size-4 flex-none place-items-center">
            <StatusMark status={item.status} hideLabel />
          </span>
        )}
        {collapsed ? null : <span className="cut">{item.label}</span>}
        {attention > 0 ? (
          <span
            className={collapsed ? 'absolute -top-1.5 -right-1.5 rounded-full ring-2 ring-frame' : 'ml-auto'}
          >
            <CountPill small={collapsed}>{attention}</CountPill>
          </span>
        ) : collapsed || item.detail === undefined ? null : (
          <span className="num ml-auto text-sm font-normal text-fg-3">{item.detail}</span>
        )}
      </a>
    </WithTooltip>
  )
}

function WithTooltip({
  label,
  keys,
  side = 'right',
  show,
  children,
}: {
  readonly label: string
  readonly keys?: string | undefined
  readonly side?: 'top' | 'right'
  readonly show: boolean
  readonly children: ReactElement
}) {
  if (!show) return children
  return (
    <Tooltip content={label} keys={keys} side={side}>
      {children}
    </Tooltip>
  )
}
