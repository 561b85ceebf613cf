import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWeeklySchedule, ScheduleError } from './weekly-schedule.ts'

const at = (text: string): number => Date.parse(text)
const next = (spec: string, after: string): string =>
  new Date(parseWeeklySchedule(spec).next(at(after))).toISOString()

describe('a weekly schedule', () => {
  it('is read in its own zone, and in UTC without one', () => {
    expect(next('30 9 * * 1-5', '2026-03-06T10:00:00Z')).toBe('2026-03-09T09:30:00.000Z')
    expect(next('CRON_TZ=America/New_York 30 9 * * 1-5', '2026-03-06T10:00:00Z')).toBe(
      '2026-03-06T14:30:00.000Z',
    )
    expect(next('CRON_TZ=Europe/Berlin 0 8 * * Mon,Wed', '2026-03-09T07:00:00Z')).toBe(
      '2026-03-11T07:00:00.000Z',
    )
  })

  it('keeps its wall clock over a change of the summer time', () => {
    // Berlin changes on 29 March 2026 and on 25 October 2026.
    expect(next('CRON_TZ=Europe/Berlin 0 8 * * *', '2026-03-28T07:00:00Z')).toBe('2026-03-29T06:00:00.000Z')
    expect(next('CRON_TZ=Europe/Berlin 0 8 * * *', '2026-10-24T06:00:00Z')).toBe('2026-10-25T07:00:00.000Z')
  })

  it('comes once a day even where the hour is missing or there twice', () => {
    const schedule = parseWeeklySchedule('CRON_TZ=Europe/Berlin 30 2 * * *')
    const days = new Set<string>()
    let moment = at('2026-03-27T12:00:00Z')
    for (let count = 0; count < 4; count += 1) {
      const following = schedule.next(moment)
      expect(following).toBeGreaterThan(moment)
      days.add(new Date(following).toISOString().slice(0, 10))
      moment = following
    }
    expect(days.size).toBe(4)
  })

  it('refuses what is no weekly schedule, in words', () => {
    for (const spec of [
      '',
      '30 9 * *',
      '30 9 * * * * *',
      '30 9 1 * *',
      '30 9 * 2 *',
      '99 9 * * *',
      '30 25 * * *',
      '30 9 * * 9',
      '30 9 * * L',
      '30 9 * * MON#2',
      'CRON_TZ=Nowhere/Land 30 9 * * *',
      'CRON_TZ=+05:00 30 9 * * *',
      'CRON_TZ= 30 9 * * *',
      '@daily',
      'hello there * * *',
    ]) {
      expect(() => parseWeeklySchedule(spec), spec).toThrow(ScheduleError)
    }
  })

  it('always names a moment in the future with the right minute, within eight days', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Auckland',
    )
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 4, max: 23 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
        (zone, minute, hour, weekday, after) => {
          const schedule = parseWeeklySchedule(`CRON_TZ=${zone} ${minute} ${hour} * * ${weekday}`)
          const moment = schedule.next(after)
          expect(moment).toBeGreaterThan(after)
          expect(moment - after).toBeLessThanOrEqual(8 * 24 * 3_600_000)
          expect(schedule.weekday(moment)).toBe(weekday)
          const wall = new Intl.DateTimeFormat('en-GB', {
            timeZone: zone,
            hour: '2-digit',
            minute: '2-digit',
          })
          expect(wall.format(moment)).toBe(
            `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
          )
        },
      ),
      { numRuns: 150 },
    )
  })

  it('never crashes on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseWeeklySchedule(text).next(0)
        } catch (error) {
          expect(error).toBeInstanceOf(ScheduleError)
        }
      }),
    )
  })
})
