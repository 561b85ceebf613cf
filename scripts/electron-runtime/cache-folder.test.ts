import { describe, expect, it } from 'vitest'
import { cacheCandidates } from './cache-folder.ts'

describe('cacheCandidates', () => {
  it('uses the folder of the desktop standard, then one in the checkout', () => {
    expect(cacheCandidates({ XDG_CACHE_HOME: '/x' }, 'linux', '/home/ada', '/src')).toEqual([
      '/x/outpost-electron',
      '/src/.cache/electron-runtime',
    ])
  })

  it('ignores a relative XDG_CACHE_HOME, as the standard says', () => {
    expect(cacheCandidates({ XDG_CACHE_HOME: 'x' }, 'linux', '/home/ada', '/src')[0]).toBe(
      '/home/ada/.cache/outpost-electron',
    )
  })

  it('uses only the folder that was chosen, when one was', () => {
    expect(cacheCandidates({ OUTPOST_CACHE: '/chosen' }, 'linux', '/home/ada', '/src')).toEqual(['/chosen'])
  })

  it('follows the customs of macOS', () => {
    expect(cacheCandidates({}, 'darwin', '/Users/ada', '/src')[0]).toBe(
      '/Users/ada/Library/Caches/outpost-electron',
    )
  })
})
