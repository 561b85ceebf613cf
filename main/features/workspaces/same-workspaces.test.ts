import { describe, expect, it } from 'vitest'
import { buildWorkspace } from '../../testing/builders.ts'
import { isChanging } from './build-activity.ts'
import { showSame } from './same-workspaces.ts'

describe('comparing two answers', () => {
  it('finds a heartbeat nothing to show', () => {
    const before = buildWorkspace({ agent: { status: 'connected', lastConnectedAt: '2026-11-22T12:00:00Z' } })
    const after = buildWorkspace({ agent: { status: 'connected', lastConnectedAt: '2026-11-22T12:00:05Z' } })
    expect(showSame(before, after)).toBe(true)
  })

  it('sees what did change', () => {
    const before = buildWorkspace({ agent: { status: 'connected' } })
    expect(showSame(before, buildWorkspace({ agent: { status: 'disconnected' } }))).toBe(false)
    expect(showSame(before, buildWorkspace())).toBe(false)
    expect(showSame([before], [before, before])).toBe(false)
    expect(showSame({ a: undefined }, { b: undefined })).toBe(false)
    expect(showSame({ a: null }, { a: {} })).toBe(false)
    expect(showSame([], {})).toBe(false)
  })
})

describe('a workspace is changing', () => {
  const now = Date.parse('2026-11-22T12:10:00Z')
  it.each(['pending', 'running', 'canceling'])('while its job is %s', (jobStatus) => {
    expect(isChanging(buildWorkspace({ jobStatus }), now)).toBe(true)
  })

  it('while its agent starts, but not for ever', () => {
    const starting = (completedAt: string) =>
      buildWorkspace({ completedAt, agent: { status: 'connecting', lifecycle: 'created' } })
    expect(isChanging(starting('2026-11-22T12:09:00Z'), now)).toBe(true)
    expect(isChanging(starting('2026-11-22T12:00:00Z'), now)).toBe(false)
  })

  it('no more once all is quiet', () => {
    expect(isChanging(buildWorkspace({ agent: { status: 'connected' } }), now)).toBe(false)
    expect(isChanging(buildWorkspace({ status: 'stopped', transition: 'stop' }), now)).toBe(false)
  })
})
