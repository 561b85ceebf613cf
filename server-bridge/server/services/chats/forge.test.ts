import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { branchPage, forgeKind } from './forge.ts'

describe('a forge', () => {
  it.each([
    ['https://github.com/acme/pay.git', 'github', 'https://github.com/acme/pay/tree/agent/x%20%231'],
    ['git@github.com:acme/pay.git', 'github', 'https://github.com/acme/pay/tree/agent/x%20%231'],
    ['ssh://git@GitHub.com:22/acme/pay', 'github', 'https://github.com/acme/pay/tree/agent/x%20%231'],
    ['https://gitlab.com/a/b/c.git', 'gitlab', 'https://gitlab.com/a/b/c/-/tree/agent/x%20%231'],
    ['https://bitbucket.org/a/b', 'bitbucket-cloud', 'https://bitbucket.org/a/b/branch/agent/x%20%231'],
    ['https://codeberg.org/a/b.git/', 'gitea', 'https://codeberg.org/a/b/src/branch/agent/x%20%231'],
  ])('is known by the host of %s', (origin, kind, page) => {
    expect(forgeKind(origin)).toBe(kind)
    expect(branchPage(origin, 'agent/x #1')).toBe(page)
  })

  it.each([
    ...['', '/srv/git/pay.git', 'file:///srv/github.com/a/b', 'https://git.acme.test/a/b'],
    ...['https://github.com.evil.test/a/b', 'https://evil.test/github.com/a/b', 'https://github.com/acme'],
    ...['https://github.com/../b', 'git@github.com:a/b c', 'github.com', 'javascript:github.com/a/b'],
  ])('is not taken from %j', (origin) => {
    expect(forgeKind(origin)).toBeUndefined()
    expect(branchPage(origin, 'main')).toBeUndefined()
  })

  it('leads nowhere but to its own host, whatever an origin and a branch are called', () => {
    const origin = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `https://github.com/${rest}`),
      fc.string().map((rest) => `git@github.com:${rest}`),
    )
    fc.assert(
      fc.property(origin, fc.string({ unit: 'grapheme' }), (address, branch) => {
        const page = branchPage(address, branch)
        if (page !== undefined) expect(new URL(page).host).toBe('github.com')
      }),
    )
  })

  it('has no page of no branch', () => {
    expect(branchPage('https://github.com/a/b', '')).toBeUndefined()
  })
})
