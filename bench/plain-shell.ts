/** A login shell on a PTY of this process, nothing between: what terminals are compared with. */
import { spawn } from '@lydell/node-pty'

export interface PlainShell {
  /** Resolves with the next output. */
  nextOutput(): Promise<void>
  write(data: string): void
  end(): Promise<void>
}

export function startPlainShell(): PlainShell {
  const env = { PATH: '/usr/bin:/bin', HOME: '/tmp' }
  const shell = spawn('/bin/bash', ['-l'], { cols: 80, rows: 24, env })
  let waiting: (() => void)[] = []
  shell.onData(() => {
    const told = waiting
    waiting = []
    for (const tell of told) tell()
  })
  const exited = new Promise<void>((resolve) => {
    shell.onExit(() => {
      resolve()
    })
  })
  return {
    nextOutput: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    write: (data) => {
      shell.write(data)
    },
    end: () => {
      // A hang-up while bash still reads its profile is at times never noticed.
      shell.kill('SIGKILL')
      return exited
    },
  }
}
