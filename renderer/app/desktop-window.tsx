import { StrictMode, type ReactElement } from 'react'
import { ApiProvider } from '../api/api-context.tsx'
import { createBridgePort, type BridgePort } from '../api/bridge-port.ts'
import { createNoVncDesktops, DesktopProvider } from '../features/desktop/desktop-host.tsx'
import type { ChatPlace } from '../features/desktop/use-own-window.ts'
import { DesktopWindowPage } from './desktop-window-page.tsx'
import { paintTheme, readSystemLook, resolveTheme } from './frame/theme.ts'
import type { OutpostDeps } from './outpost.tsx'
import { reportWindowErrors } from './report-errors.ts'

/** A window that shows the desktop of one chat: neither router nor storage, and of main only what that needs. */
export function createDesktopWindow({
  api,
  bridge,
  desktop,
}: Omit<OutpostDeps, 'history'> & { readonly desktop: ChatPlace }): ReactElement {
  paintTheme(resolveTheme('system', readSystemLook()))
  reportWindowErrors(api.client)
  let port: BridgePort | undefined
  const desktops = createNoVncDesktops(
    () => (port ??= createBridgePort({ bridge, window, nonce: crypto.randomUUID() })),
  )
  return (
    <StrictMode>
      <ApiProvider api={api}>
        <DesktopProvider host={desktops}>
          <DesktopWindowPage {...desktop} />
        </DesktopProvider>
      </ApiProvider>
    </StrictMode>
  )
}
