import { createContext, useContext, type ReactNode } from 'react'
import type { BridgePort } from '../../api/bridge-port.ts'
import type { CreateDesktopScreen } from './desktop-screen.ts'

/** What desktops are made of. */
export interface DesktopHost {
  readonly port: () => BridgePort
  /** Loads the viewer, which is not part of the first screen. The same promise every time, for `use`. */
  readonly screens: () => Promise<CreateDesktopScreen>
  readonly newId: () => string
}

export function createDesktopHost({
  loadScreens,
  ...deps
}: Omit<DesktopHost, 'screens'> & {
  readonly loadScreens: () => Promise<CreateDesktopScreen>
}): DesktopHost {
  let loading: Promise<CreateDesktopScreen> | undefined
  return { ...deps, screens: () => (loading ??= loadScreens()) }
}

/** Desktops that noVNC shows. */
export function createNoVncDesktops(port: () => BridgePort): DesktopHost {
  return createDesktopHost({
    port,
    loadScreens: async () => (await import('./novnc-screen.ts')).createNoVncScreen,
    newId: () => crypto.randomUUID(),
  })
}

const DesktopContext = createContext<DesktopHost | undefined>(undefined)

export function DesktopProvider(props: { readonly host: DesktopHost; readonly children: ReactNode }) {
  return <DesktopContext value={props.host}>{props.children}</DesktopContext>
}

/** What the window's desktops are made of. */
export function useDesktopHost(): DesktopHost {
  const host = useContext(DesktopContext)
  if (!host) throw new Error('useDesktopHost needs a DesktopProvider above it')
  return host
}
