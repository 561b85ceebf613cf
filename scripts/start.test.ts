import { describe, expect, it } from 'vitest'
import { type Session, planLaunch } from './start.ts'

function session(overrides: Partial<Session> = {}): Session {
  return {
    platform: 'linux',
    isRoot: false,
    hasDisplay: true,
    hasSessionBus: true,
    canSandbox: true,
    ...overrides,
  }
}

describe('planLaunch', () => {
  it('starts with the sandbox and without a word on an ordinary desktop', () => {
    expect(planLaunch(session())).toEqual({ switches: [], notices: [] })
  })

  it('gives up the sandbox for root only, and says so', () => {
    const plan = planLaunch(session({ isRoot: true, canSandbox: false }))
    expect(plan.switches).toEqual(['--no-sandbox'])
    expect(plan.notices).toEqual([expect.stringContaining('You are root')])
  })

  it('never gives up the sandbox for an ordinary user, even where it may fail', () => {
    const plan = planLaunch(session({ canSandbox: false }))
    expect(plan.switches).toEqual([])
    expect(plan.notices).toEqual([expect.stringContaining('user namespaces')])
  })

  it('says what to do where there is no display', () => {
    expect(() => planLaunch(session({ hasDisplay: false }))).toThrow('xvfb-run -a')
  })

  it('goes on without a session bus, and says what will be missing', () => {
    expect(planLaunch(session({ hasSessionBus: false })).notices).toEqual([
      expect.stringContaining('no keychain and no tray'),
    ])
  })

  it('needs none of this on macOS and Windows', () => {
    expect(planLaunch(session({ platform: 'win32', hasDisplay: false }))).toEqual({
      switches: [],
      notices: [],
    })
  })
})
