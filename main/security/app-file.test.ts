import { resolve, sep } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideAppFile } from './app-file.ts'

const root = resolve('/srv/outpost/renderer')
const decide = (url: string, method = 'GET') => decideAppFile({ method, url }, root)

describe('decideAppFile', () => {
  it('serves files of the output with their type', () => {
    expect(decide('app://outpost/assets/main-1a2b.js')).toEqual({
      kind: 'file',
      path: resolve(root, 'assets/main-1a2b.js'),
      contentType: 'text/javascript; charset=utf-8',
    })
    expect(decide('app://outpost/index.html?x=1#/settings').kind).toBe('file')
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', (method) => {
    expect(decide('app://outpost/index.html', method)).toEqual({ kind: 'refuse', status: 405 })
  })

  it.each([
    'app://other/index.html',
    'file:///index.html',
    'https://outpost/index.html',
    'app://outpost/%2e%2e%2frenderer-evil/x.js',
    'app://outpost/..%5c..%5csecret.txt',
    'app://outpost/a%00.js',
    'app://outpost/%252e%252e/x.js',
    'app://outpost/C:/x.js',
    'app://outpost/%zz.js',
    'app://outpost/',
    'app://outpost/assets',
    'app://outpost/x.__proto__',
    'app://outpost/main.js.map',
  ])('refuses %s', (url) => {
    expect(decide(url).kind).toBe('refuse')
  })

  it('never names a file outside the root', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2f',
        '%5c',
        '\\',
        '/',
        '//',
        'x',
        '.js',
        '%00',
        'renderer-evil',
        '..;',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const decision = decide(`app://outpost/${pieces.join('/')}`)
        return decision.kind === 'refuse' || decision.path.startsWith(root + sep)
      }),
      { numRuns: 2000 },
    )
  })
})
