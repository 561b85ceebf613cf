import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bumpedDeadline,
  deadlinesFor,
  effectiveTtl,
  nextAutostart,
  requiredStop,
} from './autostop-deadline.ts'
import type { TemplateSettings } from './template-settings.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const at = (text: string): number => Date.parse(text)
const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

const settings = (changes: Partial<TemplateSettings> = {}): TemplateSettings => ({
  default_ttl_ms: 0,
  activity_bump_ms: HOUR,
  time_til_autostop_notify_ms: 0,
  autostop_requirement: { days_of_week: [], weeks: 1 },
  autostart_requirement: { days_of_week: everyDay },
  allow_user_autostart: true,
  allow_user_autostop: true,
  allow_user_cancel_workspace_jobs: false,
  failure_ttl_ms: 0,
  time_til_dormant_ms: 0,
  time_til_dormant_autodelete_ms: 0,
  require_active_version: false,
  cors_behavior: 'simple',
  use_classic_parameter_flow: false,
  agents_allowed: true,
  disable_module_cache: false,
  ...changes,
})
const times = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') })
const ttls = fc.option(fc.integer({ min: 60_000, max: 30 * DAY }))

describe('the time to live', () => {
  it("is the template's where people may not choose", () => {
    expect(effectiveTtl(HOUR, settings())).toBe(HOUR)
    expect(effectiveTtl(null, settings({ default_ttl_ms: HOUR }))).toBeNull()
    const fixed = settings({ allow_user_autostop: false, default_ttl_ms: 2 * HOUR })
    expect(effectiveTtl(HOUR, fixed)).toBe(2 * HOUR)
    expect(effectiveTtl(HOUR, settings({ allow_user_autostop: false }))).toBeNull()
  })
})

describe('the required stop', () => {
  // 4 March 2026 is a Wednesday.
  const now = at('2026-03-04T12:00:00Z')
  it('is the next midnight of one of the days', () => {
    expect(requiredStop(now, { days_of_week: [], weeks: 1 })).toBeNull()
    expect(requiredStop(now, { days_of_week: ['thursday'], weeks: 1 })).toBe(at('2026-03-05T00:00:00Z'))
    expect(requiredStop(now, { days_of_week: ['wednesday'], weeks: 1 })).toBe(at('2026-03-11T00:00:00Z'))
  })
  it('skips a midnight that is too near', () => {
    const late = at('2026-03-04T23:30:00Z')
    expect(requiredStop(late, { days_of_week: ['thursday'], weeks: 1 })).toBe(at('2026-03-12T00:00:00Z'))
  })
  it('is always ahead by an hour, on a right day of a right week', () => {
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 16 }),
        fc.constantFrom(...everyDay),
        (from, weeks, day) => {
          const stop = requiredStop(from, { days_of_week: [day], weeks })
          if (stop === null) throw new Error('There must be one.')
          expect(stop - from).toBeGreaterThanOrEqual(HOUR)
          expect(stop - from).toBeLessThanOrEqual((weeks * 7 + 8) * DAY)
          expect(stop % DAY).toBe(0)
          expect(
            new Date(stop).toLocaleDateString('en-US', { timeZone: 'UTC', weekday: 'long' }).toLowerCase(),
          ).toBe(day)
        },
      ),
    )
  })
})

describe('a deadline', () => {
  it('never lies beyond the required stop', () => {
    fc.assert(
      fc.property(times, ttls, fc.subarray(everyDay), (now, ttl, days) => {
        const policy = settings({ autostop_requirement: { days_of_week: days, weeks: 1 } })
        const { deadline, maxDeadline } = deadlinesFor(now, ttl, policy)
        expect(maxDeadline === null).toBe(days.length === 0)
        expect(deadline === null).toBe(ttl === null && days.length === 0)
        if (deadline === null) return
        expect(deadline).toBeGreaterThan(now)
        if (ttl !== null) expect(deadline).toBeLessThanOrEqual(now + ttl)
        if (maxDeadline !== null) expect(deadline).toBeLessThanOrEqual(maxDeadline)
      }),
    )
  })

  it('moves on with activity, never back and never beyond its limit', () => {
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: -DAY, max: DAY }),
        fc.integer({ min: 0, max: DAY }),
        fc.option(fc.integer({ min: 0, max: DAY })),
        fc.option(fc.integer({ min: -DAY, max: DAY })),
        (now, left, bumpMs, untilLimit, untilStart) => {
          const deadline = now + left
          const maxDeadline = untilLimit === null ? null : deadline + untilLimit
          const nextStartAt = untilStart === null ? null : now + untilStart
          const bumped = bumpedDeadline({ now, deadline, maxDeadline, bumpMs, ttlMs: HOUR, nextStartAt })
          if (bumped === undefined) return
          expect(bumped).toBeGreaterThan(deadline)
          if (maxDeadline !== null) expect(bumped).toBeLessThanOrEqual(maxDeadline)
          expect(bumped).toBeLessThanOrEqual(now + bumpMs + HOUR)
        },
      ),
    )
  })

  it('stays while most of the bump is still ahead, and where there is none', () => {
    const now = at('2026-03-04T12:00:00Z')
    const request = { now, maxDeadline: null, bumpMs: HOUR, ttlMs: null, nextStartAt: null }
    expect(bumpedDeadline({ ...request, deadline: now + HOUR })).toBeUndefined()
    expect(bumpedDeadline({ ...request, deadline: now + 0.9 * HOUR })).toBe(now + HOUR)
    expect(bumpedDeadline({ ...request, deadline: null })).toBeUndefined()
    expect(bumpedDeadline({ ...request, bumpMs: 0, deadline: now + 1 })).toBeUndefined()
  })
})

describe('the next automatic start', () => {
  const spec = 'CRON_TZ=Europe/Berlin 0 8 * * *'
  it('is on a day the template allows, seen from the zone of the schedule', () => {
    const now = at('2026-03-04T12:00:00Z')
    expect(nextAutostart(now, spec, settings())).toBe(at('2026-03-05T07:00:00Z'))
    const mondays = settings({ autostart_requirement: { days_of_week: ['monday'] } })
    expect(nextAutostart(now, spec, mondays)).toBe(at('2026-03-09T07:00:00Z'))
    const early = 'CRON_TZ=Pacific/Auckland 0 1 * * *'
    // One o'clock of a Monday in Auckland is Sunday noon in London.
    expect(nextAutostart(now, early, mondays)).toBe(at('2026-03-08T12:00:00Z'))
  })
  it('is none without a schedule, where the template forbids it, and on no day', () => {
    const now = at('2026-03-04T12:00:00Z')
    expect(nextAutostart(now, null, settings())).toBeNull()
    expect(nextAutostart(now, '', settings())).toBeNull()
    expect(nextAutostart(now, 'nonsense', settings())).toBeNull()
    expect(nextAutostart(now, spec, settings({ allow_user_autostart: false }))).toBeNull()
    expect(nextAutostart(now, spec, settings({ autostart_requirement: { days_of_week: [] } }))).toBeNull()
    const sunday = settings({ autostart_requirement: { days_of_week: ['sunday'] } })
    expect(nextAutostart(now, '0 8 * * 1-5', sunday)).toBeNull()
  })
  it('comes later when asked later, whatever the clock did in between', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 40 * DAY }), (from, jump) => {
        const first = nextAutostart(from, spec, settings())
        const second = nextAutostart(from + jump, spec, settings())
        if (first === null || second === null) throw new Error('There must be one.')
        expect(second).toBeGreaterThanOrEqual(first)
        expect(second).toBeGreaterThan(from + jump)
      }),
      { numRuns: 50 },
    )
  })
})
