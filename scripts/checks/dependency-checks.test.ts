import { describe, expect, it } from 'vitest'
import { findElectronRisk } from './electron-version.ts'
import { findUnknownInstallScripts, type ScriptDecisions } from './install-scripts.ts'
import { findForbiddenLicences, isAllowedLicence } from './licences.ts'
import type { LockedPackage, LockFile } from './lock-file.ts'
import { findForeignSources } from './lock-file-sources.ts'

const FINE: LockedPackage = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' }

function lock(packages: Record<string, LockedPackage>, dependencies: Record<string, string> = {}): LockFile {
  return { lockfileVersion: 3, packages: { '': { dependencies }, ...packages } }
}

describe('the sources of dependencies', () => {
  it('accepts pinned packages of the registry', () => {
    const packages = { 'node_modules/ws': FINE, 'node_modules/@hono/node-server/node_modules/ws': FINE }
    const asked = { ws: '8.23.0', keytar: 'npm:@github/keytar@7.10.6', beta: '1.0.0-rc.1' }
    expect(findForeignSources(lock(packages, asked))).toEqual([])
  })

  it.each(['^8.0.0', '*', 'latest', 'github:someone/ws', 'file:../ws', 'git+https://host/ws.git'])(
    'refuses to ask for %s',
    (range) => {
      expect(findForeignSources(lock({}, { ws: range }))).toHaveLength(1)
    },
  )

  it.each(['git+ssh://git@host/ws.git', 'someone/ws', 'someone/ws#main', 'https://host/ws.tgz', 'file:ws'])(
    'refuses a package that takes another one from %s',
    (range) => {
      expect(
        findForeignSources(lock({ 'node_modules/a': { ...FINE, dependencies: { ws: range } } })),
      ).toEqual([`a takes ws from "${range}"`])
    },
  )

  it('refuses a package whose content is not fixed, a link, and a named host', () => {
    const { integrity: _none, ...loose } = FINE
    expect(findForeignSources(lock({ 'node_modules/a': loose }))).toHaveLength(1)
    expect(findForeignSources(lock({ 'node_modules/a': { link: true } }))).toHaveLength(1)
    expect(
      findForeignSources(lock({ 'node_modules/a': { ...FINE, resolved: 'https://host/a.tgz' } })),
    ).toHaveLength(1)
  })

  it('misses the binaries of a platform', () => {
    const whole = {
      'node_modules/a': { ...FINE, optionalDependencies: { 'a-win32': '1.0.0' } },
      'node_modules/a-win32': FINE,
    }
    expect(findForeignSources(lock(whole))).toEqual([])
    expect(findForeignSources(lock({ 'node_modules/a': whole['node_modules/a'] }))).toHaveLength(1)
  })

  it('lets a package bring another one inside itself', () => {
    expect(findForeignSources(lock({ 'node_modules/a/node_modules/b': { inBundle: true } }))).toEqual([])
  })
})

describe('install scripts', () => {
  const find = (decisions: ScriptDecisions) =>
    findUnknownInstallScripts(
      lock({
        'node_modules/keytar': { ...FINE, name: '@github/keytar', hasInstallScript: true },
        'node_modules/ws': FINE,
      }),
      decisions,
    )

  it('are found until somebody decided about them, by the real name of the package', () => {
    expect(find({})).toEqual([expect.stringMatching(/^@github\/keytar has an install script/)])
    expect(find({ keytar: false })).toHaveLength(1)
    expect(find({ '@github/keytar': false })).toEqual([])
  })

  it('do not run without a reason', () => {
    expect(find({ '@github/keytar': true })).toEqual([expect.stringContaining('say why')])
  })
})

describe('licences', () => {
  it.each(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC', 'WTFPL OR ISC', 'MIT,Apache2'])(
    'allows %s',
    (licence) => {
      expect(isAllowedLicence(licence)).toBe(true)
    },
  )

  it.each(['GPL-3.0', 'AGPL-3.0-only', 'MIT AND GPL-2.0', 'UNLICENSED', 'SEE LICENSE IN x', ''])(
    'does not allow "%s"',
    (licence) => {
      expect(isAllowedLicence(licence)).toBe(false)
    },
  )

  it('have to be there', () => {
    const { license: _none, ...silent } = FINE
    expect(findForbiddenLicences(lock({ 'node_modules/a': silent }))).toHaveLength(1)
  })
})

describe("Electron's version", () => {
  it.each(['41.10.6', '41.11.0', '42.9.2', '43.4.1', '44.0.0', '45.4.1'])('%s may be shipped', (version) => {
    expect(findElectronRisk(version)).toBeUndefined()
  })

  it.each(['33.2.1', '40.99.9', '41.10.5', '42.9.1', '43.3.9'])('%s may not', (version) => {
    expect(findElectronRisk(version)).toContain(version)
  })
})
