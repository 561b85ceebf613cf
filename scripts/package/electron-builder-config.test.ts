import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { PACKED_PACKAGES } from './asar-contents.ts'
import { EXPECTED_FUSES } from './fuses.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

interface BuilderConfig {
  readonly electronFuses: Readonly<Record<string, boolean>>
  readonly files: readonly (string | object)[]
}

const config = parse(readFileSync(path.join(project, 'electron-builder.yml'), 'utf8')) as BuilderConfig

/** The option names of electron-builder's own type, read from its declaration file. */
function builderFuseOptions(): readonly string[] {
  const require = createRequire(import.meta.url)
  const folder = path.dirname(require.resolve('app-builder-lib/package.json'))
  const text = readFileSync(path.join(folder, 'out/configuration.d.ts'), 'utf8')
  const body = /export interface FuseOptionsV1 \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? ''
  return [...body.matchAll(/^ {4}(?:readonly )?(\w+)\?:/gm)].map(([, name]) => name ?? '')
}

/** Every package that these load at run time, those of other platforms aside. */
function followDependencies(names: readonly string[], seen = new Set<string>()): ReadonlySet<string> {
  for (const name of names) {
    if (seen.has(name)) continue
    seen.add(name)
    const manifest = JSON.parse(
      readFileSync(path.join(project, 'node_modules', name, 'package.json'), 'utf8'),
    ) as {
      dependencies?: Record<string, string>
    }
    followDependencies(Object.keys(manifest.dependencies ?? {}), seen)
  }
  return seen
}

describe('the fuses', () => {
  it('are all set on purpose: the keys are those electron-builder knows', () => {
    expect(builderFuseOptions().length).toBeGreaterThan(6)
    expect(Object.keys(config.electronFuses).sort()).toEqual([...builderFuseOptions()].sort())
  })

  it('have in the configuration the values that are expected of the finished program', () => {
    for (const { name, enabled } of EXPECTED_FUSES) expect(config.electronFuses[name], name).toBe(enabled)
  })

  it('close every way to run other code by the app', () => {
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
    })
  })
})

describe('the microphone', () => {
  it('is asked for on macOS with a reason, and may be opened by the signed app', () => {
    const { mac } = config as unknown as {
      mac: { extendInfo: Record<string, string>; entitlements: string; entitlementsInherit: string }
    }
    expect(mac.extendInfo['NSMicrophoneUsageDescription']).toMatch(/dictate/)
    expect(mac.extendInfo).not.toHaveProperty('NSCameraUsageDescription')
    for (const file of [mac.entitlements, mac.entitlementsInherit]) {
      const entitlements = readFileSync(path.join(project, file), 'utf8')
      expect(entitlements).toMatch(/<key>com\.apple\.security\.device\.audio-input<\/key>\s*<true\/>/)
      expect(entitlements).not.toContain('device.camera')
    }
  })
})

describe('the packed packages', () => {
  // keytar names the headers it is compiled with as a dependency; at run time nothing loads them.
  const neededToCompile = new Set(['node-addon-api'])

  it('are the external ones and what they load', () => {
    const needed = [...followDependencies(PACKED_PACKAGES)].filter((name) => !neededToCompile.has(name))
    expect(needed.sort()).toEqual([...PACKED_PACKAGES].sort())
  })

  it('are all named in the configuration, after everything else was left out', () => {
    const patterns = config.files.filter((pattern) => typeof pattern === 'string')
    const included = patterns.slice(patterns.indexOf('!node_modules/**') + 1)
    for (const name of PACKED_PACKAGES) {
      expect(
        included.some((pattern) => pattern.startsWith(`node_modules/${name}`)),
        name,
      ).toBe(true)
    }
  })
})
