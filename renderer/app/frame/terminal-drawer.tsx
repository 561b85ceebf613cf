import { useRef, type PointerEvent, type ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { dragShare } from '../../lib/drag-share.ts'
import { useKept } from '../../lib/kept-state.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { ChevronDownIcon, MaximizeIcon, MinimizeIcon } from '../../ui/icons.tsx'
import { clampShare, drawerLimits, drawerShare, shareAfterKey } from './drawer-size.ts'

export interface TerminalDrawerProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** The tabs and what belongs beside them. */
  readonly bar: ReactNode
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
        {props.bar}
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

/** The upper edge: drag it, or arrow keys; Enter or a double click restores the usual height. */
function DrawerEdge({ share, pageHeight }: { readonly share: number; readonly pageHeight: () => number }) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) =>
    dragShare(event, {
      ...{ axis: 'y', towardsStart: true, length: pageHeight, share },
      onShare: (next) => drawerShare.set(clampShare(next)),
    })
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
