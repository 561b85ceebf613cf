import { describe, expect, it } from 'vitest'
import {
  type Machine,
  REQUIREMENTS,
  decidePackages,
  readPurposes,
  usesTime64Names,
} from './system-packages.ts'

function machine(overrides: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    isRoot: false,
    isInteractive: true,
    hasApt: true,
    hasTime64Names: false,
    hasLibrary: () => true,
    hasProgram: () => true,
    ...overrides,
  }
}

describe('decidePackages', () => {
  it('does nothing when everything is there', () => {
    expect(decidePackages(['app', 'runtime', 'tests'], machine())).toEqual({ action: 'none' })
  })

  it('does nothing on other systems, which bring these libraries', () => {
    expect(decidePackages(['app'], machine({ platform: 'darwin', hasLibrary: () => false }))).toEqual({
      action: 'none',
    })
  })

  it('names one command with sudo for an ordinary user, with only what is missing', () => {
    const decision = decidePackages(['app'], machine({ hasLibrary: (name) => name !== 'libgbm.so.1' }))
    expect(decision).toEqual({
      action: 'tell',
      message:
        'System packages are missing. Install them with:\n\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends libgbm1\n',
    })
  })

  it('installs without asking when it is root and nobody is there', () => {
    const decision = decidePackages(
      ['tests'],
      machine({ isRoot: true, isInteractive: false, hasProgram: () => false }),
    )
    expect(decision).toMatchObject({
      action: 'install',
      packages: expect.arrayContaining(['xvfb', 'gnome-keyring']),
    })
  })

  it('keeps the SSH server, which tests start themselves, from being started as a service by its package', () => {
    const hasProgram = (name: string): boolean => name !== 'sshd'
    const file = '/etc/ssh/sshd_not_to_be_run'
    expect(decidePackages(['tests'], machine({ isRoot: true, isInteractive: false, hasProgram }))).toEqual({
      action: 'install',
      packages: ['openssh-server'],
      switchedOffBy: [file],
      command: `install -D -m 644 /dev/null ${file} && apt-get update && apt-get install -y --no-install-recommends openssh-server`,
    })
    expect(decidePackages(['tests'], machine({ hasProgram }))).toMatchObject({
      message: expect.stringContaining(`sudo install -D -m 644 /dev/null ${file} && sudo apt-get update && `),
    })
  })

  it('leaves an SSH server alone that is there already', () => {
    const hasProgram = (name: string): boolean => name !== 'git'
    expect(decidePackages(['tests'], machine({ hasProgram }))).toMatchObject({
      message: expect.not.stringContaining('sshd'),
    })
  })

  it('does not install behind the back of a root who is there to be told', () => {
    const decision = decidePackages(['runtime'], machine({ isRoot: true, hasProgram: () => false }))
    expect(decision).toMatchObject({ action: 'tell', message: expect.not.stringContaining('sudo') })
  })

  it('does not ask for the packages of the tests when only the app is wanted', () => {
    expect(decidePackages(['app'], machine({ hasProgram: () => false }))).toEqual({ action: 'none' })
  })

  it('names libraries, not packages, where there is no apt', () => {
    const decision = decidePackages(['app'], machine({ hasApt: false, hasLibrary: () => false }))
    expect(decision).toMatchObject({ action: 'tell', message: expect.stringContaining('libgtk-3.so.0') })
  })

  it('uses the renamed packages of newer releases', () => {
    const decision = decidePackages(
      ['app'],
      machine({ isRoot: true, isInteractive: false, hasTime64Names: true, hasLibrary: () => false }),
    )
    expect(decision).toMatchObject({
      packages: ['libgtk-3-0t64', 'libnss3', 'libgbm1', 'libasound2t64', 'libsecret-1-0'],
    })
  })

  it('can check every requirement it lists', () => {
    for (const requirement of REQUIREMENTS) expect(requirement.library ?? requirement.program).toBeDefined()
  })
})

describe('usesTime64Names', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\n', false],
    ['ID=debian\nVERSION_ID="13"\n', true],
    ['ID=debian\nPRETTY_NAME="Debian GNU/Linux forky/sid"\n', true],
    ['ID=ubuntu\nVERSION_ID="22.04"\n', false],
    ['ID=ubuntu\nVERSION_ID="24.04"\n', true],
    ['ID=fedora\nVERSION_ID=44\n', false],
    ['', false],
  ])('reads %j', (osRelease, expected) => {
    expect(usesTime64Names(osRelease)).toBe(expected)
  })
})

describe('readPurposes', () => {
  it('gives the tests everything', () => {
    expect(readPurposes(['--for=tests'])).toEqual(['app', 'runtime', 'tests'])
  })

  it('asks for what the app needs when nothing is said', () => {
    expect(readPurposes([])).toEqual(['app'])
  })

  it('refuses a purpose it does not know', () => {
    expect(() => readPurposes(['--for=fun'])).toThrow('Unknown --for=fun')
  })
})
