/** The application menu: the keyboard's and macOS's way to everything. No reload and no developer tools when packaged. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import type { AppCommand } from '#ipc/app'

export function menuTemplate(input: {
  readonly platform: NodeJS.Platform
  readonly packaged: boolean
  readonly send: (command: AppCommand) => void
  readonly quit: () => void
}): MenuItemConstructorOptions[] {
  const command = (label: string, accelerator: string, value: AppCommand): MenuItemConstructorOptions => ({
    label,
    accelerator,
    // The page handles these keys itself; the menu only shows them, so that a key never acts twice.
    registerAccelerator: false,
    click: () => {
      input.send(value)
    },
  })
  const mac = input.platform === 'darwin'
  return [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        {
          label: 'Add deployment…',
          click: () => {
            input.send({ kind: 'add-deployment' })
          },
        },
        { type: 'separator' },
        mac ? { role: 'close' } : { label: 'Quit Outpost', accelerator: 'Ctrl+Q', click: input.quit },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        command('Search or run a command', 'CmdOrCtrl+K', { kind: 'command-palette' }),
        command('Terminal', 'Ctrl+`', { kind: 'toggle-terminal' }),
        { type: 'separator' },
        {
          label: 'Workspaces',
          click: () => {
            input.send({ kind: 'go', page: 'workspaces' })
          },
        },
        {
          label: 'Templates',
          click: () => {
            input.send({ kind: 'go', page: 'templates' })
          },
        },
        {
          label: 'Settings',
          click: () => {
            input.send({ kind: 'go', page: 'settings' })
          },
        },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(input.packaged ? [] : [{ role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
  ]
}

export function setApplicationMenu(send: (command: AppCommand) => void): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        packaged: app.isPackaged,
        send,
        quit: () => {
          app.quit()
        },
      }),
    ),
  )
}
