/** Electron's entry: guards first, then the ports, then the app. Nothing here decides anything a test should see. */
import { app } from 'electron'
import { createApp } from './app.ts'
import { forbiddenSwitch } from './security/switches.ts'
import { registerAppScheme } from './shell/app-protocol.ts'
import { startShell } from './shell/start-shell.ts'

// Before `ready`, or they are too late: the sandbox of every process, and the scheme's privileges. As root Chromium has no
// sandbox and needs the switch; enabling it all the same ends every child at once. A packaged app refuses the switch.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
registerAppScheme()

const refused = app.isPackaged ? forbiddenSwitch(process.argv.slice(1)) : undefined
if (refused !== undefined) {
  process.stderr.write(`Outpost does not start with ${refused}: it would open the app to other programs.\n`)
  app.exit(1)
} else if (app.requestSingleInstanceLock()) {
  // Not awaited: Electron holds `ready` back until this module has been evaluated.
  startShell(process.env, createApp).catch((error: unknown) => {
    process.stderr.write(
      `Outpost could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    app.exit(1)
  })
} else {
  // The first instance shows its window, and takes a link from this one's arguments as it would from anybody.
  app.quit()
}
