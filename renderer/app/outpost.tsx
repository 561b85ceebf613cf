import { createHashHistory, RouterProvider, type RouterHistory } from '@tanstack/react-router'
import { StrictMode, type ReactElement } from 'react'
import type { WindowBridge } from '#ipc/bridge-api'
import { ApiProvider, type Api } from '../api/api-context.tsx'
import { createBridgePort, type BridgePort } from '../api/bridge-port.ts'
import { isMac } from '../lib/platform.ts'
import { createNoVncDesktops, DesktopProvider } from '../features/desktop/desktop-host.tsx'
import { createFilesHost, FilesProvider } from '../features/files/index.ts'
import {
  createClipboard,
  createTerminals,
  createTerminalTabsStore,
  TerminalsProvider,
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
  // Asked for with the first terminal, desktop or look at files: a window without them needs no bridge.
  const portOf = (): BridgePort => (port ??= createBridgePort({ bridge, window, nonce: crypto.randomUUID() }))
  const terminals = createTerminals({
    store: createTerminalTabsStore(localStorage),
    port: portOf,
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
  const files = createFilesHost({
    rpc: client,
    port: portOf,
    dropFiles: (dropped) => bridge.dropFiles(dropped),
    loadKit: async () => {
      // A file of its own, which has run before the first line of Monaco: inside one file the bundler may move it behind.
      await import('../features/editor/monaco-environment.ts')
      return (await import('../features/editor/monaco-kit.ts')).createMonacoKit()
    },
    newId: () => crypto.randomUUID(),
  })
  const desktops = createNoVncDesktops(portOf)
  const router = createOutpostRouter(history ?? createHashHistory())
  if (!history && location.hash === '') router.history.replace(rememberedPage(localStorage))
  router.subscribe('onResolved', ({ toLocation }) => rememberPage(localStorage, toLocation.href))
  return (
    <StrictMode>
      <ApiProvider api={api}>
        <TerminalsProvider terminals={terminals}>
          <FilesProvider host={files}>
            <DesktopProvider host={desktops}>
              <RouterProvider router={router} />
            </DesktopProvider>
          </FilesProvider>
        </TerminalsProvider>
      </ApiProvider>
    </StrictMode>
  )
}
