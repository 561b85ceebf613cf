import { createHashHistory, RouterProvider, type RouterHistory } from '@tanstack/react-router'
import { StrictMode, type ReactElement } from 'react'
import type { WindowBridge } from '#ipc/bridge-api'
import { ApiProvider, type Api } from '../api/api-context.tsx'
import { isMac } from '../lib/platform.ts'
import {
  createBridgePort,
  createClipboard,
  createTerminals,
  createTerminalTabsStore,
  TerminalsProvider,
  type BridgePort,
} from '../features/terminal/index.ts'
import { paintTheme, readSystemLook, resolveTheme } from './frame/theme.ts'
import { rememberPage, rememberedPage } from './remembered-page.ts'
import { openLink } from './open-link.ts'
import { reportWindowErrors } from './report-errors.ts'
import { createOutpostRouter } from './routes.tsx'

export interface OutpostDeps {
  readonly api: Api
  readonly bridge: WindowBridge
  /** Tests have one in memory. */
  readonly history?: RouterHistory
}

/** The whole window as one element: services made once, then providers around the router. */
export function createOutpost({ api, bridge, history }: OutpostDeps): ReactElement {
  // The user's own choice comes with the first answer of main; until then the system's look.
  paintTheme(resolveTheme('system', readSystemLook()))
  reportWindowErrors(api.client)
  const { client } = api
  const clipboard = createClipboard(client)
  let port: BridgePort | undefined
  const terminals = createTerminals({
    store: createTerminalTabsStore(localStorage),
    // Asked for with the first terminal: a window without one needs no bridge.
    port: () => (port ??= createBridgePort({ bridge, window, nonce: crypto.randomUUID() })),
    loadScreens: async () => {
      const { createXtermScreen } = await import('../features/terminal/xterm-screen.ts')
      return (settings) =>
        createXtermScreen(settings, {
          openLink: (url) => openLink(client, url, 'terminal'),
          copy: (text) => void clipboard.copy(text),
          readClipboard: clipboard.read,
          mac: isMac(),
        })
    },
    newId: () => crypto.randomUUID(),
  })
  const router = createOutpostRouter(history ?? createHashHistory())
  if (!history && location.hash === '') router.history.replace(rememberedPage(localStorage))
  router.subscribe('onResolved', ({ toLocation }) => rememberPage(localStorage, toLocation.href))
  return (
    <StrictMode>
      <ApiProvider api={api}>
        <TerminalsProvider terminals={terminals}>
          <RouterProvider router={router} />
        </TerminalsProvider>
      </ApiProvider>
    </StrictMode>
  )
}
