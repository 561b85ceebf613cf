import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { agentManifest } from '../testing/agent-manifest.ts'
import { readMessageOfTheDay } from './message-of-the-day.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-motd-'))
  mkdirSync(join(folder, 'home'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

async function read(motd_file?: string): Promise<string> {
  const manifest = agentManifest({ motd_file })
  const environment = { HOME: join(folder, 'home') }
  return (await readMessageOfTheDay({ homeDir: folder, manifest, environment })).toString()
}

test('ends every line as a terminal needs it', async () => {
  writeFileSync(join(folder, 'motd'), 'Be kind.\r\n\n– Ada')
  expect(await read('~/motd')).toBe('Be kind.\r\n\r\n– Ada\r\n')
  expect(await read(join(folder, 'motd'))).toBe('Be kind.\r\n\r\n– Ada\r\n')
})

test('is nothing where there is none, it is empty or quiet is wanted', async () => {
  writeFileSync(join(folder, 'motd'), 'Be kind.')
  writeFileSync(join(folder, 'empty'), '')
  expect([await read(), await read(''), await read('~/nowhere'), await read('~/empty')]).toEqual([
    '',
    '',
    '',
    '',
  ])
  writeFileSync(join(folder, 'home', '.hushlogin'), '')
  expect(await read('~/motd')).toBe('')
})

test.skipIf(process.platform === 'win32')(
  'does not wait for a pipe, and takes no more than a screen needs',
  async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await expect(read('~/pipe')).rejects.toThrow('is no file')
    await expect(read('~/home')).rejects.toThrow()
    writeFileSync(join(folder, 'huge'), 'x'.repeat(1_000_000))
    expect((await read('~/huge')).length).toBe(64 * 1024 + 2)
  },
)
