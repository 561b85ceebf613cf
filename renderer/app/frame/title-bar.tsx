import type { ReactNode } from 'react'
import { Kbd } from '../../ui/kbd.tsx'
import { SearchIcon } from '../../ui/icons.tsx'

export interface TitleBarProps {
  /** Left: which deployment. */
  readonly switcher: ReactNode
  readonly onOpenPalette: () => void
  /** Right: connection, notifications, account. */
  readonly end?: ReactNode
  /**
   * Room the system's own window buttons need, in pixels. Where the page lies under them (window controls overlay)
   * the browser tells it by itself and the larger of the two counts.
   */
  readonly reserved?: { readonly left: number; readonly right: number } | undefined
}

const overlayLeft = 'env(titlebar-area-x, 0px)'
const overlayRight = 'calc(100vw - env(titlebar-area-x, 0px) - env(titlebar-area-width, 100vw))'

/** Keeps what a title bar shows out from under the system's buttons. */
export function titleBarRoom({ left, right }: { readonly left: number; readonly right: number }) {
  return {
    paddingLeft: `calc(10px + max(${left}px, ${overlayLeft}))`,
    paddingRight: `calc(10px + max(${right}px, ${overlayRight}))`,
  }
}

/** The top 40 px: deployment, search and command field, and what the window is connected to. Drags the window. */
export function TitleBar({ switcher, onOpenPalette, end, reserved = { left: 0, right: 0 } }: TitleBarProps) {
  return (
    <header
      className="relative col-span-full flex h-(--h-titlebar) items-center gap-2 drag-region"
      style={titleBarRoom(reserved)}
    >
      <div className="min-w-0 no-drag">{switcher}</div>
      <button
        type="button"
        className="absolute left-[46%] flex h-7 w-[30vw] -translate-x-1/2 items-center gap-2 rounded-md border border-line-strong bg-page pr-[5px] pl-2.5 text-fg-3 no-drag hover:border-line-ui mid:left-1/2 mid:w-[min(420px,36vw)]"
        onClick={onOpenPalette}
      >
        <SearchIcon />
        <span className="cut flex-1 text-left">Search or run a command</span>
        <Kbd keys="Mod+K" />
      </button>
      <div className="ml-auto flex h-full items-center gap-0.5 no-drag">{end}</div>
    </header>
  )
}
