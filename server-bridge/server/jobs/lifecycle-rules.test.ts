import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settingsFromRequest, type TemplateSettings } from '../services/template-settings.ts'
import { lifecycleStep, type LifecycleSubject } from './lifecycle-rules.ts'

const HOUR = 3_600_000
const now = Date.parse('2026-03-04T12:00:00Z')
const defaults = settingsFromRequest({
  name: 'x',
  template_version_id: '3b579bf4-1ed8-4b99-87a8-e9a1e3410410',
  disable_everyone_group_access: false,
  require_active_version: false,
})
const settings = (changes: Partial<TemplateSettings>): TemplateSettings => ({ ...defaults, ...changes })

const running: LifecycleSubject = {
  transition: 'start',
  jobStatus: 'succeeded',
  jobCompletedAt: now - HOUR,
  deadline: null,
  autostartSchedule: null,
  nextStartAt: null,
  dormantAt: null,
  deletingAt: null,
  lastUsedAt: now,
  ownerStatus: 'active',
}
const stopped: LifecycleSubject = {
  ...running,
  transition: 'stop',
  autostartSchedule: '0 9 * * *',
  nextStartAt: now,
}
const step = (subject: LifecycleSubject, changes: Partial<TemplateSettings> = {}) =>
  lifecycleStep(subject, settings(changes), now)

describe('what a workspace needs', () => {
  it('is a stop at its deadline, and when its owner is suspended', () => {
    expect(step({ ...running, deadline: now + 1 })).toBeUndefined()
    expect(step({ ...running, deadline: now })).toMatchObject({ transition: 'stop', reason: 'autostop' })
    expect(step({ ...running, ownerStatus: 'suspended' })).toMatchObject({ transition: 'stop' })
    expect(step({ ...running, deadline: now, dormantAt: now })).toBeUndefined()
    expect(step({ ...running, deadline: now, jobStatus: 'failed' })).toBeUndefined()
  })

  it('is a start at its time, unless something speaks against it', () => {
    expect(step(stopped)).toMatchObject({ transition: 'start', reason: 'autostart' })
    expect(step({ ...stopped, nextStartAt: now + 1 })).toBeUndefined()
    expect(step({ ...stopped, jobStatus: 'failed' })).toBeUndefined()
    expect(step({ ...stopped, dormantAt: now })).toBeUndefined()
    expect(step({ ...stopped, ownerStatus: 'suspended' })).toBeUndefined()
    expect(step({ ...stopped, transition: 'start' })).toBeUndefined()
    expect(step(stopped, { allow_user_autostart: false })).toBeUndefined()
  })

  it('is a stop when a start has failed and nobody cared', () => {
    const failed = { ...running, jobStatus: 'failed', jobCompletedAt: now - HOUR - 1 }
    expect(step(failed)).toBeUndefined()
    expect(step(failed, { failure_ttl_ms: HOUR })).toMatchObject({ transition: 'stop', reason: 'autostop' })
    expect(step(failed, { failure_ttl_ms: 2 * HOUR })).toBeUndefined()
  })

  it('is sleep when nobody uses it, and a stop with it where it runs', () => {
    const unused = { lastUsedAt: now - HOUR - 1 }
    const policy = { time_til_dormant_ms: HOUR }
    expect(step({ ...running, ...unused }, policy)).toEqual({
      transition: 'stop',
      reason: 'dormancy',
      becomesDormant: true,
    })
    const asleep = { ...stopped, ...unused, nextStartAt: null }
    expect(step(asleep, policy)).toMatchObject({ transition: undefined, becomesDormant: true })
    expect(step(asleep)).toBeUndefined()
  })

  it('is its end after a long sleep, tried once a day when it fails', () => {
    const asleep = { ...stopped, dormantAt: now - HOUR, deletingAt: now - 1 }
    const policy = { time_til_dormant_autodelete_ms: HOUR }
    expect(step(asleep, policy)).toMatchObject({ transition: 'delete', reason: 'autodelete' })
    expect(step(asleep)).toBeUndefined()
    const failed = { ...asleep, transition: 'delete', jobStatus: 'failed' }
    expect(step(failed, policy)).toBeUndefined()
    expect(step({ ...failed, jobCompletedAt: now - 25 * HOUR }, policy)).toMatchObject({
      transition: 'delete',
    })
  })

  it('is never a start of what runs, nor a stop of what is stopped, whatever the times are', () => {
    const time = fc.integer({ min: now - 1000 * HOUR, max: now + 1000 * HOUR })
    const maybe = fc.option(time)
    const span = fc.integer({ min: 0, max: 1000 * HOUR })
    fc.assert(
      fc.property(
        fc.record<LifecycleSubject>({
          transition: fc.constantFrom('start', 'stop', 'delete'),
          jobStatus: fc.constantFrom('succeeded', 'failed', 'canceled'),
          jobCompletedAt: time,
          deadline: maybe,
          autostartSchedule: fc.constantFrom(null, '0 9 * * *'),
          nextStartAt: maybe,
          dormantAt: maybe,
          deletingAt: maybe,
          lastUsedAt: time,
          ownerStatus: fc.constantFrom('active', 'dormant', 'suspended'),
        }),
        span,
        span,
        span,
        (subject, failure, dormant, gone) => {
          const found = lifecycleStep(
            subject,
            settings({
              failure_ttl_ms: failure,
              time_til_dormant_ms: dormant,
              time_til_dormant_autodelete_ms: gone,
            }),
            now,
          )
          if (found?.transition === 'start') expect(subject.transition).toBe('stop')
          if (found?.transition === 'stop') expect(subject.transition).toBe('start')
          if (found?.becomesDormant === true) expect(subject.dormantAt).toBeNull()
          if (found?.transition === 'delete') expect(subject.dormantAt).not.toBeNull()
        },
      ),
    )
  })
})
