/**
 * Program: waits for the end of whoever started it, however that comes (a Ctrl+C and a kill -9 too), and takes away
 * what was made: every process in the named networks, the networks, and a folder.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { listNetworks } from './network-names.ts'

const [folder = '', ...names] = process.argv.slice(2)

const pidsIn = (name: string): number[] =>
  execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

process.once('disconnect', () => {
  const made = new Set(listNetworks())
  for (const name of names.filter((each) => made.has(each))) {
    for (let pids = pidsIn(name); pids.length > 0; pids = pidsIn(name)) pids.forEach(end)
    execFileSync('ip', ['netns', 'del', name])
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
process.send?.('ready')
