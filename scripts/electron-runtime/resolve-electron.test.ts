import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ElectronRuntime } from './electron-runtime.ts'
import { downloadUrl, findPackagedElectron, isRecent } from './packaged-electron.ts'
import { type ResolveSteps, chosenElectron, searchElectron } from './resolve-electron.ts'

function runtime(kind: ElectronRuntime['kind'], version: string): ElectronRuntime {
  return { kind, version, executablePath: `/${kind}/electron`, distFolder: `/${kind}` }
}

function steps(overrides: Partial<ResolveSteps> & { lines?: string[] } = {}): ResolveSteps {
  return {
    chosen: () => undefined,
    installed: () => undefined,
    download: async () => Promise.resolve(undefined),
    offline: async () => Promise.resolve(runtime('offline', '33.2.1')),
    hasOffline: true,
    log: (line) => overrides.lines?.push(line),
    ...overrides,
  }
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'outpost-electron-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe('searchElectron', () => {
  it('prefers the one a person chose, then the installed one, then a download', async () => {
    const chosen = (): ElectronRuntime => runtime('chosen', '40.0.0')
    const installed = (): ElectronRuntime => runtime('package', '45.4.1')
    const download = async (): Promise<ElectronRuntime> =>
      Promise.reject(new Error('downloaded without need'))
    expect((await searchElectron(steps({ chosen, installed, download }))).kind).toBe('chosen')
    expect((await searchElectron(steps({ installed, download }))).kind).toBe('package')
    expect((await searchElectron(steps({ download: async () => Promise.resolve(installed()) }))).kind).toBe(
      'package',
    )
  })

  it('falls back to the offline runtime and says so in one line', async () => {
    const lines: string[] = []
    expect((await searchElectron(steps({ lines }))).kind).toBe('offline')
    expect(lines).toEqual(['Using Electron 33.2.1 (the offline runtime).'])
  })

  it('says what to do where there is no offline runtime', async () => {
    await expect(searchElectron(steps({ hasOffline: false }))).rejects.toThrow('npx install-electron')
  })
})

describe('chosenElectron', () => {
  it('is no choice when the variable is empty', () => {
    expect(chosenElectron('', 'linux')).toBeUndefined()
  })

  it('refuses a folder that holds no Electron', () => {
    expect(() => chosenElectron('/no/such/folder', 'linux')).toThrow('no Electron is there')
  })

  it('reads the version of the one it finds', async () => {
    await withFolder(async (folder) => {
      await writeFile(path.join(folder, 'electron'), '')
      await writeFile(path.join(folder, 'version'), 'v44.1.0\n')
      expect(chosenElectron(folder, 'linux')).toMatchObject({ kind: 'chosen', version: '44.1.0' })
    })
  })
})

describe('the pinned package', () => {
  it('counts as installed only when its program is there', async () => {
    await withFolder(async (folder) => {
      expect(findPackagedElectron(folder, 'linux')).toBeUndefined()
      return Promise.resolve()
    })
  })

  it('is asked for where its own installer would ask', () => {
    expect(downloadUrl('45.4.1', { ELECTRON_MIRROR: 'https://mirror.example/electron/' })).toMatch(
      /^https:\/\/mirror\.example\/electron\/v45\.4\.1\/electron-v45\.4\.1-.*\.zip$/,
    )
  })

  it('remembers a refused download for a day and not longer', async () => {
    await withFolder(async (folder) => {
      const marker = path.join(folder, 'refused')
      const now = Date.parse('2026-11-22T12:00:00Z')
      expect(await isRecent(marker, now)).toBe(false)
      await writeFile(marker, '2026-11-22T11:00:00Z')
      expect(await isRecent(marker, now)).toBe(true)
      await writeFile(marker, '2026-11-21T11:00:00Z')
      expect(await isRecent(marker, now)).toBe(false)
      await writeFile(marker, '2026-11-23T11:00:00Z')
      expect(await isRecent(marker, now)).toBe(false)
    })
  })
})
