import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { agentManifest } from '../../testing/agent-manifest.ts'
import { createStandInDisplay } from '../../testing/stand-in-display.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { folderPrefix, socketFolder } from '../left-folders.ts'
import { createProcessTree } from '../process-tree.ts'
import { agentInstanceVariable, workspaceEnvironment, type WorkspaceSurroundings } from '../shell-command.ts'
import { createVirtualDesktop, type VirtualDesktop } from './virtual-desktop.ts'

let homeDir: string
let bin: string
let desktop: VirtualDesktop
let surroundings: WorkspaceSurroundings

beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'outpost-desktop-'))
  bin = join(homeDir, 'bin')
  mkdirSync(bin)
  const place = { homeDir, agentName: 'main' }
  const common = { clock: systemClock, logger: silentLogger }
  const processTree = createProcessTree({ ...place, ...common, instanceId: 'test' })
  desktop = createVirtualDesktop({ place, ...common, processTree })
  surroundings = {
    homeDir,
    manifest: agentManifest({ secrets: [{ env_name: 'TOKEN', file_path: '', value: 'secret' }] }),
    environment: { PATH: bin, [agentInstanceVariable]: 'test', DISPLAY: ':0' },
  }
})
afterEach(async () => {
  await desktop.close()
  rmSync(homeDir, { recursive: true })
})

const program = (name: string, text: string): void =>
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
const left = (): string[] =>
  readdirSync(socketFolder()).filter((name) =>
    name.startsWith(folderPrefix('vnc', { homeDir, agentName: 'main' })),
  )

test('says what to install where there is no program, and looks again the next time', async () => {
  writeFileSync(join(bin, 'Xtigervnc'), 'no program')
  await expect(desktop.start(surroundings)).rejects.toMatchObject({
    status: 501,
    message: expect.stringContaining('tigervnc-standalone-server') as string,
  })
  program('Xtigervnc', 'exit 1')
  chmodSync(join(bin, 'Xtigervnc'), 0o755)
  await expect(desktop.start(surroundings)).rejects.toMatchObject({ status: 500 })
})

test('tells the last words of a display server that cannot start, and leaves nothing', async () => {
  program('Xtigervnc', 'printf "(EE) \\n(EE) No room for a screen\\n(EE) \\n" >&2; exit 1')
  await expect(desktop.start(surroundings)).rejects.toThrow(
    'The virtual desktop could not start: No room for a screen',
  )
  expect([left(), desktop.variables]).toEqual([[], {}])
})

test('starts once, tells programs where it is, and ends with nothing left', async () => {
  const display = createStandInDisplay(bin)
  display.install()
  // A window manager comes before a terminal.
  program('xterm', `echo xterm > ${homeDir}/windows`)
  program('openbox', `echo "$DISPLAY $TOKEN." > ${homeDir}/windows`)
  await Promise.all([desktop.start(surroundings), desktop.start(surroundings)])
  const { pid = 0 } = display.started() ?? {}
  expect(workspaceEnvironment({ ...surroundings, display: desktop.variables })).toMatchObject({
    DISPLAY: ':4242',
    XAUTHORITY: expect.stringContaining(left()[0] ?? 'nothing') as string,
  })
  await waitFor('windows', () => readdirSync(homeDir).includes('windows') || undefined)
  const socket = await desktop.connect(surroundings)
  expect(display.started()?.pid).toBe(pid)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await desktop.close()
  await closed
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect([left(), desktop.variables]).toEqual([[], {}])
  await expect(desktop.start(surroundings)).rejects.toThrow('being stopped')
})

test('is started again after it broke', async () => {
  const display = createStandInDisplay(bin)
  display.install()
  await desktop.start(surroundings)
  const { pid = 0 } = display.started() ?? {}
  process.kill(pid, 'SIGKILL')
  await waitFor('its end', () => (desktop.variables['DISPLAY'] === undefined ? true : undefined))
  await desktop.start(surroundings)
  expect(display.started()?.pid).not.toBe(pid)
})

test('lets a few look at a time', async () => {
  createStandInDisplay(bin).install()
  const asked = await Promise.allSettled(Array.from({ length: 9 }, () => desktop.connect(surroundings)))
  const sockets = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(sockets).toHaveLength(8)
  await expect(desktop.connect(surroundings)).rejects.toMatchObject({ status: 429 })
  const [first] = sockets
  const closed = new Promise((resolve) => first?.once('close', resolve))
  first?.destroy()
  await closed
  await desktop.connect(surroundings)
})

test('a template has its own say about the display', () => {
  const own = { ...surroundings.manifest, environment: { DISPLAY: ':7' } }
  const display = { DISPLAY: ':4242' }
  expect(workspaceEnvironment({ ...surroundings, manifest: own, display })['DISPLAY']).toBe(':7')
})
