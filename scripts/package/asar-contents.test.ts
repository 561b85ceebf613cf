import { describe, expect, it } from 'vitest'
import { findUnexpectedEntries } from './asar-contents.ts'

describe('findUnexpectedEntries', () => {
  it('accepts the bundles and the packages with native parts', () => {
    expect(
      findUnexpectedEntries([
        '/package.json',
        '/dist',
        '/dist/main/index.js',
        '/dist/server-bridge/templates/shell/main.tf',
        '/node_modules',
        '/node_modules/@libsql',
        '/node_modules/@libsql/linux-x64-gnu/index.node',
        '/node_modules/@lydell/node-pty-darwin-arm64/pty.node',
        '/node_modules/keytar/lib/keytar.js',
      ]),
    ).toEqual([])
  })

  it.each([
    '/dist/main/index.js.map',
    '/dist/.env',
    '/dist/e2e/journey.js',
    '/main/index.ts',
    '/node_modules/hono/package.json',
    '/node_modules/@electron/fuses/package.json',
    '/node_modules/electron/index.js',
    '/scripts/build.ts',
    '\\scripts\\build.ts',
  ])('refuses %s', (entry) => {
    expect(findUnexpectedEntries([entry])).toHaveLength(1)
  })
})
