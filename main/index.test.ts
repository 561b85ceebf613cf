import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRecordingElectron, type RecordingOptions } from './testing/recording-electron.ts'

let userDataDir: string
const { argv } = process
const fatalEvents = ['uncaughtException', 'unhandledRejection'] as const
const listenersBefore = fatalEvents.map((event) => process.listeners(event as 'uncaughtException'))

beforeEach(() => {
  userDataDir = mkdtempSync(join(tmpdir(), 'outpost-index-'))
})
afterEach(() => {
  process.argv = argv
  rmSync(userDataDir, { recursive: true })
  for (const [at, event] of fatalEvents.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (listenersBefore[at]?.includes(listener) !== true) process.off(event, listener)
    }
  }
})

/** Runs the entry as Electron does, up to `ready`, which does not come. */
async function start(options: RecordingOptions = {}, args: readonly string[] = []) {
  const recording = createRecordingElectron({ ...options, userDataDir })
  vi.resetModules()
  vi.doMock('electron', () => recording.electron)
  process.argv = ['/opt/outpost', ...args]
  await import('./index.ts')
  return { ...recording, names: recording.calls.map(({ name }) => name) }
}

describe('the entry of the app', () => {
  it('turns the sandbox on and registers the scheme before it waits for ready', async () => {
    const { names } = await start()
    expect(names).toEqual([
      'app.enableSandbox',
      'registerSchemesAsPrivileged',
      'app.requestSingleInstanceLock',
      'app.whenReady',
    ])
  })

  it('guards every page and session before it waits for ready', async () => {
    const { electron, names } = await start()
    expect(names.at(-1)).toBe('app.whenReady')
    for (const event of [
      'web-contents-created',
      'session-created',
      'certificate-error',
      'select-client-certificate',
      'login',
    ]) {
      expect(electron.app.listenerCount(event), event).toBe(1)
    }
  })

  it('leaves the sandbox alone only where Chromium itself was told to do without', async () => {
    expect((await start({ switches: ['no-sandbox'] })).names).not.toContain('app.enableSandbox')
  })

  it.each(['--remote-debugging-port=0', '--no-sandbox', ' --inspect', '--proxy-server=evil:1'])(
    'ends at once when a packaged app is started with %j',
    async (argument) => {
      const complain = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      const { calls, names, electron } = await start({ isPackaged: true }, [argument])
      expect(calls.find(({ name }) => name === 'app.exit')?.args).toEqual([1])
      expect(names).not.toContain('app.requestSingleInstanceLock')
      expect(names).not.toContain('app.whenReady')
      expect(electron.app.listenerCount('web-contents-created')).toBe(0)
      expect(complain.mock.calls.join('')).toContain('does not start with')
    },
  )

  it('takes the same switches in development, where the tests need them', async () => {
    expect((await start({}, ['--remote-debugging-port=0'])).names).toContain('app.whenReady')
  })

  it('gives way to an instance that runs already, and hands it nothing', async () => {
    const { calls, names } = await start({ isFirstInstance: false }, ['outpost://evil'])
    expect(names).toContain('app.quit')
    expect(names).not.toContain('app.whenReady')
    expect(calls.find(({ name }) => name === 'app.requestSingleInstanceLock')?.args).toEqual([])
  })
})
