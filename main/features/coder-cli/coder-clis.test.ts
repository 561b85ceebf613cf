import { mkdirSync, mkdtempSync, existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '#bridge/lib/logger'
import { createStorageNotices } from '../../lib/storage-notices.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { openCoderCliFile } from './coder-cli-file.ts'
import { createCoderClis } from './coder-clis.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-clis-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function open() {
  const notices = createStorageNotices()
  const file = await openCoderCliFile({ folder, notices, clock: createManualClock(), logger: silentLogger })
  const changed: string[] = []
  const asked: string[] = []
  const answers = { path: '/opt/coder' as string | null, button: 0 }
  const clis = createCoderClis({
    file,
    folder: join(folder, 'cli'),
    desktop: {
      ask: async ({ message }) => {
        asked.push(message)
        return answers.button
      },
      chooseOpenPath: async () => answers.path,
    },
    onChanged: (deploymentId) => changed.push(deploymentId),
    logger: silentLogger,
  })
  return { clis, changed, asked, answers }
}

describe('the command line of a deployment', () => {
  it('is the signed one of the deployment, until the user chooses another, which is kept', async () => {
    const { clis, changed } = await open()
    const own = { folder: join(folder, 'cli', 'acme'), signature: 'deployment' }
    expect(clis.place('acme')).toEqual(own)
    expect(await clis.choose('acme')).toBe(true)
    expect(clis.place('acme')).toEqual({ ...own, chosen: '/opt/coder' })
    expect(changed).toEqual(['acme'])
    const again = await open()
    expect(again.clis.place('acme')).toEqual({ ...own, chosen: '/opt/coder' })
    await again.clis.forget('acme')
    expect(again.clis.place('acme')).toEqual(own)
  })

  it('stays what it is when the user leaves the dialog', async () => {
    const { clis, changed, answers } = await open()
    answers.path = null
    expect(await clis.choose('acme')).toBe(false)
    expect(changed).toEqual([])
  })

  it('is run unchecked only where the user says so in a dialog of the system', async () => {
    const { clis, asked, answers } = await open()
    answers.button = 1
    expect(await clis.setSignature('acme', 'none')).toBe(false)
    expect(clis.place('acme').signature).toBe('deployment')
    expect(await clis.setSignature('acme', 'published')).toBe(true)
    expect(asked).toHaveLength(1)
    answers.button = 0
    expect(await clis.setSignature('acme', 'none')).toBe(true)
    expect(clis.place('acme').signature).toBe('none')
  })

  it('shows how it is with it, of this deployment and no other', async () => {
    const { clis } = await open()
    const live = clis.of('acme')
    clis.onState('acme', { kind: 'ready', version: 'v2.24.0', outdated: null })
    clis.onState('other', { kind: 'failed', code: 'unsigned', reason: 'No signature.' })
    expect(live.get()).toEqual({
      chosen: null,
      signature: 'deployment',
      state: { kind: 'ready', version: 'v2.24.0', outdated: null },
    })
    await clis.choose('acme')
    expect(live.get().state).toBeNull()
  })

  it('leaves with its deployment', async () => {
    const { clis } = await open()
    await clis.choose('acme')
    mkdirSync(clis.place('acme').folder, { recursive: true })
    await clis.removeDeployment('acme')
    expect(existsSync(join(folder, 'cli', 'acme'))).toBe(false)
    expect(clis.place('acme')).not.toHaveProperty('chosen')
  })
})
