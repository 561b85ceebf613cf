/** Builds what changed and opens the app: `npm start [-- arguments of the app]`. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from './build.ts'
import { resolveElectron } from './electron-runtime/resolve-electron.ts'
import { ScriptFailure, runScript } from './script-failure.ts'
import { ensureSystemPackages } from './system-packages.ts'

const PARENT_POLL_MS = 500

/** What is known about the session the app is started from. */
export interface Session {
  readonly platform: NodeJS.Platform
  readonly isRoot: boolean
  readonly hasDisplay: boolean
  readonly hasSessionBus: boolean
  /** Whether the kernel lets Chromium make its sandbox, by user namespaces or by its setuid program. */
  readonly canSandbox: boolean
}

/** How to start Electron, and what to tell the person first. */
export interface LaunchPlan {
  readonly switches: readonly string[]
  readonly notices: readonly string[]
}

/** Decides how to start; throws a {@link ScriptFailure} when the app could not open a window. */
export function planLaunch(session: Session): LaunchPlan {
  if (session.platform !== 'linux') return { switches: [], notices: [] }
  if (!session.hasDisplay) {
    throw new ScriptFailure(
      'There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. On a machine without a ' +
        'screen, use: xvfb-run -a dbus-run-session npm start',
    )
  }
  const notices: string[] = []
  const switches: string[] = []
  if (session.isRoot) {
    switches.push('--no-sandbox')
    notices.push(
      'You are root, and Chromium has no sandbox for root: pages run without it. Use an ordinary user.',
    )
  } else if (!session.canSandbox) {
    notices.push(
      'This system does not let ordinary programs make user namespaces, which the sandbox needs. If the app does not ' +
        'open, allow them: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    )
  }
  if (!session.hasSessionBus) {
    notices.push(
      'There is no D-Bus session bus, so there will be no keychain and no tray. Try: dbus-run-session npm start',
    )
  }
  return { switches, notices }
}

/** Reads the facts of the session this process runs in. */
export function inspectSession(electronFolder: string, env: NodeJS.ProcessEnv = process.env): Session {
  const isSet = (name: string): boolean => (env[name] ?? '') !== ''
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasDisplay: isSet('DISPLAY') || isSet('WAYLAND_DISPLAY'),
    hasSessionBus:
      isSet('DBUS_SESSION_BUS_ADDRESS') ||
      (isSet('XDG_RUNTIME_DIR') && existsSync(path.join(env['XDG_RUNTIME_DIR'] ?? '', 'bus'))),
    canSandbox: hasUserNamespaces() || isSetuid(path.join(electronFolder, 'chrome-sandbox')),
  }
}

/** Debian's, Ubuntu's and the kernel's own switch; a file that is not there does not restrict anything. */
function hasUserNamespaces(): boolean {
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '')
  return (
    read('/proc/sys/kernel/unprivileged_userns_clone') !== '0' &&
    read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') !== '1' &&
    read('/proc/sys/user/max_user_namespaces') !== '0'
  )
}

function isSetuid(file: string): boolean {
  if (!existsSync(file)) return false
  const { mode, uid } = statSync(file)
  return uid === 0 && (mode & 0o4000) !== 0
}

async function start(args: readonly string[]): Promise<number> {
  await ensureSystemPackages(['app'])
  const electron = await resolveElectron()
  const plan = planLaunch(inspectSession(electron.distFolder))
  for (const notice of plan.notices) console.warn(notice)
  await buildApp()
  const project = fileURLToPath(new URL('../', import.meta.url))
  const child = spawn(electron.executablePath, [...plan.switches, project, ...args], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to the app as well; a second one from here would cut its tidy end short.
  const signals: readonly NodeJS.Signals[] = process.stdin.isTTY
    ? ['SIGTERM', 'SIGHUP']
    : ['SIGTERM', 'SIGHUP', 'SIGINT']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  if (process.stdin.isTTY) process.on('SIGINT', () => undefined)
  const stopWatching = onParentGone(() => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new ScriptFailure(`Electron could not be started: ${error.message}`))
    })
    child.once('exit', (code, signal) => {
      stopWatching()
      resolve(code ?? 128 + os.constants.signals[signal ?? 'SIGTERM'])
    })
  })
}

/** npm passes a signal to its shell, and the shell dies of it without passing it on: only the new parent tells. */
function onParentGone(act: () => void): () => void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    act()
  }, PARENT_POLL_MS)
  return () => {
    clearInterval(timer)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => start(process.argv.slice(2)))
}
