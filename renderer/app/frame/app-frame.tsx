import { useEffect, useRef, type ReactNode } from 'react'
import { useKept } from '../../lib/kept-state.ts'
import { useKeyMapRoot } from '../../lib/keyboard/key-map.ts'
import { useMediaQuery } from '../../lib/media-query.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { TooltipProvider } from '../../ui/tooltip.tsx'
import { CommandPalette } from './palette/command-palette.tsx'
import { setPaletteOpen, useCommands } from '../../lib/commands/command-store.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Rail, type RailItem, type RailSection } from './rail.tsx'
import { railCollapsed } from './rail-state.ts'
import { TitleBar } from './title-bar.tsx'

export interface AppFrameProps {
  /** Title bar, left: a DeploymentSwitcher. */
  readonly switcher: ReactNode
  /** Title bar, right: connection, notifications, account. */
  readonly titleEnd?: ReactNode
  readonly reserved?: { readonly left: number; readonly right: number } | undefined
  readonly railItems: readonly RailItem[]
  readonly railSections?: readonly RailSection[] | undefined
  readonly railFoot: readonly RailItem[]
  /** Across the page, above everything: no network, a locked keychain. */
  readonly banner?: ReactNode
  /** Changes with the route: moves the focus to the page and clears a page's error. */
  readonly pageKey: string
  /** Where the palette searches. */
  readonly paletteScope?: string | undefined
  /** A TerminalDrawer. */
  readonly drawer?: ReactNode
  readonly onReload: () => void
  readonly onError?: ((error: unknown, componentStack: string) => void) | undefined
  /** The page. */
  readonly children: ReactNode
}

/** The window: title bar, rail, the page as one inset sheet, drawer, palette, toasts. */
export function AppFrame(props: AppFrameProps) {
  useKeyMapRoot()
  const isNarrow = useMediaQuery('(max-width: 1040px)')
  const chosen = useKept(railCollapsed)
  const collapsed = isNarrow || chosen
  const main = usePageFocus(props.pageKey)
  const toggleRail = () => {
    railCollapsed.set(!chosen)
  }
  useCommands([
    {
      id: 'frame.palette',
      title: 'Search or run a command',
      group: 'View',
      keys: 'Mod+K',
      run: () => {
        setPaletteOpen(true)
      },
    },
    {
      id: 'frame.rail',
      title: chosen ? 'Expand the rail' : 'Collapse the rail',
      group: 'View',
      keys: 'Mod+B',
      run: toggleRail,
    },
  ])

  return (
    <TooltipProvider>
      <a
        href="#page"
        className="fixed top-1 left-2 z-70 -translate-y-12 rounded-md bg-accent px-3 py-1 font-medium text-on-accent no-drag focus:translate-y-0"
        onClick={(event) => {
          // The route lives in the hash, so the browser's own jump would change the page.
          event.preventDefault()
          main.current?.focus()
        }}
      >
        Skip to the page
      </a>
      <div
        className="grid h-full grid-rows-[var(--h-titlebar)_minmax(0,1fr)]"
        style={{ gridTemplateColumns: `${collapsed ? 'var(--w-rail-min)' : 'var(--w-rail)'} minmax(0, 1fr)` }}
      >
        <TitleBar
          switcher={props.switcher}
          end={props.titleEnd}
          reserved={props.reserved}
          onOpenPalette={() => {
            setPaletteOpen(true)
          }}
        />
        <Rail
          items={props.railItems}
          sections={props.railSections}
          foot={props.railFoot}
          collapsed={collapsed}
          onToggle={isNarrow ? undefined : toggleRail}
        />
        <div className="relative flex min-h-0 min-w-0 flex-col overflow-hidden rounded-tl-lg border-t border-l border-line bg-page">
          {props.banner}
          <main ref={main} id="page" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
            <ErrorBoundary resetKey={props.pageKey} onReload={props.onReload} onError={props.onError}>
              {props.children}
            </ErrorBoundary>
          </main>
          {props.drawer}
        </div>
      </div>
      <CommandPalette scope={props.paletteScope} />
      <ToastHost />
    </TooltipProvider>
  )
}

/** After a change of page the focus goes to it, so that the keyboard goes on there; not at the start, not from within. */
function usePageFocus(pageKey: string) {
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pageKey)
  useEffect(() => {
    if (shown.current === pageKey) return
    shown.current = pageKey
    const { activeElement } = document
    if (main.current?.contains(activeElement) !== true) main.current?.focus({ preventScroll: true })
  }, [pageKey])
  return main
}
