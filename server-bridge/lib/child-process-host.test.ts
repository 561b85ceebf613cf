import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createChildProcessHost } from './child-process-host.ts'
import type { HostedProcess, ProcessHost } from './process-host.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-child-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function hostOf(source: string): ProcessHost {
  const file = join(folder, 'entry.mjs')
  writeFileSync(file, source)
  return createChildProcessHost({
    environment: { PATH: process.env['PATH'], HOME: '/home/ada', API_TOKEN: 'seeded-secret' },
    resolveEntry: () => file,
  })
}

function exitOf(child: HostedProcess): Promise<number | null> {
  return new Promise((resolve) => child.onExit(resolve))
}

test('starts an entry with messages both ways and a clean environment', async () => {
  const child = hostOf(`
    process.on('message', (message) => {
      const answer = { echo: message, env: Object.keys(process.env), argv: process.argv.slice(2) }
      process.send(answer, () => process.exit(0))
    })
  `).spawn('agent')
  const heard = new Promise<unknown>((resolve) => child.onMessage(resolve))
  child.post({ hello: 'child' })
  const message = (await heard) as { echo: unknown; env: string[]; argv: string[] }
  expect(message.echo).toEqual({ hello: 'child' })
  expect(message.argv).toEqual([])
  expect(message.env).toContain('HOME')
  expect(message.env).not.toContain('API_TOKEN')
  expect(child.pid).toBeGreaterThan(0)
  expect(await exitOf(child)).toBe(0)
})

test('reports an exit once, also to who asks late, and takes messages to the dead', async () => {
  const child = hostOf('process.exit(7)').spawn('agent')
  expect(await exitOf(child)).toBe(7)
  expect(await exitOf(child)).toBe(7)
  child.post('anybody there?')
})

test('ends a process when told to', async () => {
  const child = hostOf('setInterval(() => {}, 1000); process.send("up")').spawn('agent')
  await new Promise<unknown>((resolve) => child.onMessage(resolve))
  child.kill()
  expect(await exitOf(child)).toBeNull()
})
