/** The app with a terminal on a running workspace of its own local deployment, reached by the app's own pages. */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from '@playwright/test'
import type { Settings } from '#ipc/settings'
import type { DesktopSession } from '../e2e/fixtures/desktop-session.ts'
import { createWorkspaceScreen } from '../e2e/screens/create-workspace.ts'
import { frame } from '../e2e/screens/frame.ts'
import { terminalsScreen } from '../e2e/screens/terminals.ts'
import { outpostIsUsable, startBenchApp, type BenchApp } from './app-session.ts'
import type { ShellAddress } from './page/terminal-probe.ts'

const assets = new URL('../dist/renderer/assets/', import.meta.url)

/** What a fresh install has, without the blinking cursor: its timer would be measured too. */
export const terminalSettings: Settings['terminal'] = {
  fontSize: 13,
  scrollback: 10_000,
  renderer: 'auto',
  warnOnMultilinePaste: true,
  cursorBlink: false,
  cursorStyle: 'block',
  lineHeight: 1.2,
  fontFamily: '',
  copyOnSelect: false,
  rightClick: 'menu',
  bell: 'visual',
  notifyAfterSeconds: 10,
  ligatures: false,
  profiles: [],
}

export interface TerminalWindow {
  readonly app: BenchApp
  readonly window: Page
  /** Where the app's own terminal takes its keys. */
  readonly input: Locator
  /** Where the open terminal's shell runs, as the app told the bridge. */
  readonly address: ShellAddress
  /** The app's own module that draws terminals, as the page imports it. */
  readonly screenModule: string
}

/** Starts the app, makes a workspace and opens a terminal on it; answers once its shell has run a command. */
export async function startTerminalWindow(session: DesktopSession): Promise<TerminalWindow> {
  const app = await startBenchApp('outpost', session, outpostIsUsable)
  const { window } = app
  await createWorkspaceByPages(window)
  const opened = window.evaluate(nextOpenedShell)
  await createWorkspaceScreen(window).openTerminal.click({ timeout: 30_000 })
  const address = await opened
  const terminals = terminalsScreen(window)
  await terminals.lines.filter({ hasText: /\S/ }).waitFor()
  await terminals.run('echo ready-$((1+1))')
  await terminals.lines.filter({ hasText: 'ready-2' }).waitFor()
  const input = terminals.drawer.getByRole('textbox', { name: 'Terminal input' })
  return { app, window, input, address, screenModule: await findScreenModule() }
}

async function createWorkspaceByPages(window: Page): Promise<void> {
  const main = window.getByRole('main')
  await frame(window).goTo('Templates')
  await window
    .getByRole('list', { name: 'Templates' })
    .getByRole('button', { name: /Plain shell/ })
    .click()
  await main
    .getByRole('button', { name: /workspace/i })
    .first()
    .click()
  const create = createWorkspaceScreen(window)
  await create.name.fill('bench')
  await create.create.click()
}

/** Runs in the page: reads the app's next request for a shell off its byte port. */
function nextOpenedShell(): Promise<ShellAddress> {
  return new Promise((resolve) => {
    const post = Reflect.get(MessagePort.prototype, 'postMessage') as (...args: unknown[]) => void
    MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
      const [message] = args as [{ type?: string; deploymentId?: string; agentId?: string } | undefined]
      if (message?.type === 'open' && message.deploymentId !== undefined && message.agentId !== undefined) {
        MessagePort.prototype.postMessage = post
        resolve({ deploymentId: message.deploymentId, agentId: message.agentId })
      }
      post.apply(this, args)
    }
  })
}

/** The chunk is known by what it exports: its name holds a hash. */
async function findScreenModule(): Promise<string> {
  for (const name of await readdir(assets)) {
    if (!name.endsWith('.js')) continue
    const code = await readFile(fileURLToPath(new URL(name, assets)), 'utf8')
    if (/export\s*\{[^}]*\bcreateXtermScreen\b/.test(code)) return `/assets/${name}`
  }
  throw new Error('The build has no chunk that exports createXtermScreen.')
}
