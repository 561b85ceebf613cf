import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { agentManifest } from '../testing/agent-manifest.ts'
import {
  createShellCommand,
  expandDirectory,
  loginShell,
  prepareDirectory,
  workingDirectory,
  workspaceEnvironment,
  type WorkspaceSurroundings,
} from './shell-command.ts'

const homeDir = mkdtempSync(join(tmpdir(), 'outpost-home-'))
afterAll(() => rmSync(homeDir, { recursive: true }))

function surroundings(directory = '', environment: Record<string, string> = {}): WorkspaceSurroundings {
  const manifest = agentManifest({ directory, environment })
  return {
    homeDir,
    manifest,
    environment: { PATH: '/bin', HOME: '/home/ada', SHELL: '/bin/sh' },
    platform: 'linux',
  }
}

test.each([
  ['', ''],
  ['~', ''],
  ['~/src', '/src'],
  ['$HOME/src', '/src'],
  ['${HOME}/src', '/src'],
  ['src', '/src'],
  ['$SUB/x', '/deep/x'],
  ['$NOTHING', ''],
  ['~other', '/~other'],
])('takes the folder %j as %j of the workspace', (directory, expected) => {
  expect(expandDirectory(surroundings(directory, { SUB: 'deep' }))).toBe(homeDir + expected)
})

test('takes an absolute folder as it is', () => {
  expect(expandDirectory(surroundings('/srv/data'))).toBe('/srv/data')
})

test('makes the folder inside the workspace, and none outside', () => {
  expect(workingDirectory(surroundings('made'))).toBe(homeDir)
  prepareDirectory(surroundings('made'))
  expect(workingDirectory(surroundings('made'))).toBe(join(homeDir, 'made'))
  prepareDirectory(surroundings('../outside'))
  expect(workingDirectory(surroundings('../outside'))).toBe(homeDir)
})

test('sets Coder’s variables and keeps the user’s home', () => {
  expect(workspaceEnvironment(surroundings('', { EXTRA: 'x', PATH: '/opt' }))).toEqual({
    PATH: '/opt',
    HOME: '/home/ada',
    SHELL: '/bin/sh',
    EXTRA: 'x',
    CODER: 'true',
    CODER_WORKSPACE_NAME: 'ws',
    CODER_WORKSPACE_ID: agentManifest().workspace_id,
    CODER_WORKSPACE_AGENT_NAME: 'main',
    CODER_WORKSPACE_OWNER_NAME: 'ada',
    OUTPOST_WORKSPACE_DIR: homeDir,
  })
})

test('lets a template neither fake the mark nor smuggle in a variable', () => {
  const environment = workspaceEnvironment(
    surroundings('', {
      OUTPOST_WORKSPACE_DIR: '/',
      CODER_AGENT_TOKEN: 't',
      'A=B': 'x',
      '': 'x',
      NUL: 'a\0b',
    }),
  )
  expect(environment['OUTPOST_WORKSPACE_DIR']).toBe(homeDir)
  const names = Object.keys(environment)
  expect(names.filter((name) => ['CODER_AGENT_TOKEN', 'A=B', '', 'NUL'].includes(name))).toEqual([])
})

test('starts a login shell, or a command by it', () => {
  expect(createShellCommand(surroundings(), '')).toMatchObject({
    file: '/bin/sh',
    args: ['-l'],
    cwd: homeDir,
  })
  expect(createShellCommand(surroundings(), 'echo hi')).toMatchObject({
    file: '/bin/sh',
    args: ['-c', 'echo hi'],
  })
})

test.each(['-l', '--rcfile=/tmp/evil', '-c evil', '-'])(
  'never takes the command %s for an option',
  (command) => {
    const { args } = createShellCommand(surroundings(), command)
    expect(args).toEqual(['-c', ` ${command}`])
  },
)

test.each(['/usr/sbin/nologin', '/does/not/exist', 'bash', '/tmp'])(
  'does not take %s for a shell',
  (shell) => {
    expect(loginShell({ ['SHELL']: shell }, 'linux')).not.toBe(shell)
  },
)

test.skipIf(process.platform === 'win32')('passes over a shell and a folder that cannot be looked at', () => {
  // A link to itself answers every user with an error, as another one's folder answers all but root.
  const loop = join(homeDir, 'loop')
  symlinkSync(loop, loop)
  expect(loginShell({ ['SHELL']: loop }, 'linux')).not.toBe(loop)
  expect(workingDirectory(surroundings(loop))).toBe(homeDir)
})
