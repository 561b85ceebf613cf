import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useApi } from '../api/api-context.tsx'
import { useDeployments } from '../features/deployments/index.ts'
import { DeploymentBanner } from '../features/deployments/deployment-banner.tsx'
import { KeychainBanner } from '../features/keychain/index.ts'
import { StorageNotices, useSettings } from '../features/settings/index.ts'
import { useTerminals } from '../features/terminal/index.ts'
import { WindowActionsProvider } from '../features/window/index.ts'
import { AccountMenu } from './account-menu.tsx'
import { ConnectionSlot } from './connection-slot.tsx'
import { AppFrame } from './frame/app-frame.tsx'
import { useTheme } from './frame/theme.ts'
import { reportError } from './report-errors.ts'
import { ShellCommands } from './shell-commands.tsx'
import { ShellDrawer } from './shell-drawer.tsx'
import { ShellSwitcher } from './shell-switcher.tsx'
import { useActions } from './use-actions.ts'
import { useMainCommands } from './use-main-commands.ts'
import { useRail } from './use-rail.tsx'
import { useRecovery } from './use-recovery.ts'
import { useUnsavedFiles } from './use-unsaved-files.ts'
import { WindowDialogs } from './window-dialogs.tsx'

// Room for the traffic lights, which macOS draws over the page.
const macReserved = { left: 72, right: 0 }

/** The window around the pages, fed with live data. */
export function Shell() {
  const actions = useActions()
  return (
    <WindowActionsProvider actions={actions}>
      <ShellFrame />
    </WindowActionsProvider>
  )
}

function ShellFrame() {
  const { client, facts } = useApi()
  const { settings } = useSettings()
  const terminals = useTerminals()
  const { active } = useDeployments()
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  const rail = useRail(pathname)
  useTheme(settings.theme === 'high-contrast' ? 'hc' : settings.theme)
  useEffect(() => terminals.configure(settings.terminal), [terminals, settings.terminal])
  useMainCommands()
  useRecovery()
  useUnsavedFiles()
  return (
    <AppFrame
      switcher={<ShellSwitcher />}
      titleEnd={
        <>
          <ConnectionSlot />
          <AccountMenu />
        </>
      }
      reserved={facts.platform === 'darwin' && facts.customTitleBar ? macReserved : undefined}
      railItems={rail.items}
      railSections={rail.sections}
      railFoot={rail.foot}
      banner={
        <>
          <StorageNotices />
          <KeychainBanner />
          {active ? <DeploymentBanner deployment={active} /> : null}
        </>
      }
      pageKey={pathname}
      paletteScope={active?.name}
      drawer={<ShellDrawer />}
      onReload={() => location.reload()}
      onError={(error) => reportError(client, error, pathname)}
    >
      <ShellCommands />
      <Outlet />
      <WindowDialogs />
    </AppFrame>
  )
}
