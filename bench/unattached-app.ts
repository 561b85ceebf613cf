/**
 * The app without a test driver. Playwright keeps every page it is attached to visible and focused, so a window it drives
 * is never idle in the way a hidden one is. Main alone is reached, by its debugger, and let go of before anything is
 * measured.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import type { DesktopSession } from '../e2e/fixtures/desktop-session.ts'
import { ownProcess } from '../e2e/fixtures/owned-process.ts'
import { electronCommand, type BenchAppKind } from './app-session.ts'

export interface UnattachedApp {
  readonly pid: number
  stop(): Promise<void>
}

/** Starts the app and hides its window once `ready` resolves. */
export async function startHidden(
  kind: BenchAppKind,
  session: DesktopSession,
  ready: () => Promise<void>,
): Promise<UnattachedApp> {
  const { executablePath, args } = await electronCommand(kind, session)
  const asRoot = process.getuid?.() === 0
  const child = spawn(executablePath, ['--inspect=0', ...(asRoot ? ['--no-sandbox'] : []), ...args], {
    env: { ...session.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const app = ownProcess(child, 'the app')
  const lines = createInterface({ input: child.stderr })
  const address = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const [, found] = /^Debugger listening on (ws:\S+)/.exec(line) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  await ready()
  await evaluateInMain(
    await address,
    `for (const window of process.getBuiltinModule('node:module').createRequire(process.execPath)('electron').BrowserWindow.getAllWindows()) window.hide()`,
  )
  return { pid: app.pid, stop: app.stop }
}

async function evaluateInMain(address: string, expression: string): Promise<void> {
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const answer = new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => {
      resolve(data.toString())
    })
  })
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }))
  const text = await answer
  socket.close()
  if (text.includes('exceptionDetails')) throw new Error(`Main refused: ${text}`)
}
