import { describe, expect, it } from 'vitest'
import { readPackageArguments } from './package.ts'
import { packagedLayout, unpackedFolder } from './package/unpacked-folder.ts'

describe('readPackageArguments', () => {
  it('takes a platform and targets in electron-builder’s words', () => {
    expect(readPackageArguments(['--linux', 'dir', 'deb'])).toEqual({
      platform: 'linux',
      targets: ['dir', 'deb'],
    })
    expect(readPackageArguments(['--win'])).toEqual({ platform: 'win32', targets: [] })
  })

  it('refuses two platforms and unknown switches', () => {
    expect(() => readPackageArguments(['--linux', '--mac'])).toThrow('Use: package')
    expect(() => readPackageArguments(['--publish'])).toThrow('Use: package')
  })
})

describe('the layout of a packaged app', () => {
  it.each([
    ['linux', 'x64', 'linux-unpacked', 'outpost'],
    ['linux', 'arm64', 'linux-arm64-unpacked', 'outpost'],
    ['win32', 'x64', 'win-unpacked', 'Outpost.exe'],
    ['darwin', 'arm64', 'mac-arm64', 'Outpost.app/Contents/MacOS/Outpost'],
  ] as const)('is known for %s %s', (platform, arch, folder, program) => {
    expect(unpackedFolder(platform, arch)).toBe(folder)
    expect(packagedLayout(platform).program).toBe(program)
  })
})
