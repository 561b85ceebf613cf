/** A display without a screen. The server picks its own number, so any number of runs can go on at once. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { ScriptFailure } from './script-failure.ts'

/** A running X server. */
export interface VirtualDisplay {
  /** The value for DISPLAY. */
  readonly name: string
  stop(): Promise<void>
}

/** Starts Xvfb and answers once it takes connections. */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => {
      resolve()
    })
    child.once('exit', () => {
      resolve()
    })
  })
  const line = new Promise<string>((resolve) => {
    createInterface({ input: child.stdio[3] as Readable }).once('line', resolve)
  })
  const number = await Promise.race([line, ended])
  if (number === undefined) throw new ScriptFailure(`Xvfb did not start: ${errors.trim()}`)
  return {
    name: `:${number.trim()}`,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
