/** The app, or the bare reference window, in a desktop session of its own. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { startDesktopSession, type DesktopSession } from '../e2e/fixtures/desktop-session.ts'
import { programName } from '../scripts/electron-runtime/electron-runtime.ts'
import { resolveElectron } from '../scripts/electron-runtime/resolve-electron.ts'

const project = fileURLToPath(new URL('../', import.meta.url))
const referenceApp = fileURLToPath(new URL('reference', import.meta.url))

export interface BenchApp {
  readonly application: ElectronApplication
  readonly window: Page
  readonly pid: number
  close(): Promise<void>
}

export type BenchAppKind = 'outpost' | 'reference'

/** The program and its arguments; the data of a kind stay in the session from one start to the next. */
export async function electronCommand(
  kind: BenchAppKind,
  session: DesktopSession,
): Promise<{ readonly executablePath: string; readonly args: readonly string[] }> {
  const electron = await resolveElectron(() => undefined)
  return {
    executablePath: path.join(electron.distFolder, programName(process.platform)),
    args: [`--user-data-dir=${path.join(session.folder, kind)}`, kind === 'outpost' ? project : referenceApp],
  }
}

/** `usable` is awaited as part of the launch: the moment a person could do something. */
export async function startBenchApp(
  kind: BenchAppKind,
  session: DesktopSession,
  usable: (window: Page) => Promise<void>,
): Promise<BenchApp & { readonly launchMs: number }> {
  const { executablePath, args } = await electronCommand(kind, session)
  const started = performance.now()
  const application = await _electron.launch({
    executablePath,
    args: [...args],
    env: { ...session.env },
    timeout: 30_000,
  })
  const window = await application.firstWindow()
  await usable(window)
  const launchMs = performance.now() - started
  // The TypeScript loader names functions by a call to this, also in those that are sent into the page.
  await window.evaluate(() => {
    Object.defineProperty(globalThis, '__name', { value: Object })
  })
  const { pid } = application.process()
  if (pid === undefined) throw new Error('Electron has no process id.')
  return { application, window, pid, launchMs, close: () => application.close() }
}

/** The window is usable once its page shows what can be done. */
export async function outpostIsUsable(window: Page): Promise<void> {
  await window.getByRole('navigation').getByText('Workspaces').first().waitFor()
}

export async function referenceIsUsable(window: Page): Promise<void> {
  await window.getByRole('heading', { name: 'Reference' }).waitFor()
}

/** Runs `work` in a fresh session and takes the session down whatever happens. */
export async function inSession<T>(work: (session: DesktopSession) => Promise<T>): Promise<T> {
  const session = await startDesktopSession('unlocked')
  try {
    return await work(session)
  } finally {
    await session.stop()
  }
}
