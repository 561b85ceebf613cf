import { execFileSync } from 'node:child_process'

/** The named networks of this machine. */
export function listNetworks(): string[] {
  return execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name !== '')
}
