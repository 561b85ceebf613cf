import type { TemplateSettings } from '../services/template-settings.ts'

/** What the rules know of a workspace whose latest build has ended. Times are epoch milliseconds. */
export interface LifecycleSubject {
  readonly transition: string
  readonly jobStatus: string
  readonly jobCompletedAt: number
  readonly deadline: number | null
  readonly autostartSchedule: string | null
  readonly nextStartAt: number | null
  readonly dormantAt: number | null
  readonly deletingAt: number | null
  readonly lastUsedAt: number
  readonly ownerStatus: string
}

export interface LifecycleStep {
  /** The build to queue, if any. */
  readonly transition: 'start' | 'stop' | 'delete' | undefined
  readonly reason: 'autostart' | 'autostop' | 'dormancy' | 'autodelete'
  /** The workspace falls asleep. */
  readonly becomesDormant: boolean
}

const DAY_MS = 24 * 3_600_000

/** What has to happen with a workspace now, at most one thing at a time, in Coder's order. */
export function lifecycleStep(
  subject: LifecycleSubject,
  settings: TemplateSettings,
  now: number,
): LifecycleStep | undefined {
  const build = (
    transition: 'start' | 'stop' | 'delete',
    reason: LifecycleStep['reason'],
  ): LifecycleStep => ({
    transition,
    reason,
    becomesDormant: false,
  })
  if (isDueToStop(subject, now)) return build('stop', 'autostop')
  if (isDueToStart(subject, settings, now)) return build('start', 'autostart')
  if (hasFailedForLong(subject, settings, now)) return build('stop', 'autostop')
  if (isUnused(subject, settings, now)) {
    const isStarted = subject.transition === 'start'
    return { transition: isStarted ? 'stop' : undefined, reason: 'dormancy', becomesDormant: true }
  }
  return isDueToGo(subject, settings, now) ? build('delete', 'autodelete') : undefined
}

function isDueToStop(subject: LifecycleSubject, now: number): boolean {
  const runs = subject.transition === 'start' && subject.jobStatus !== 'failed' && subject.dormantAt === null
  if (!runs) return false
  return subject.ownerStatus === 'suspended' || (subject.deadline !== null && now >= subject.deadline)
}

function isDueToStart(subject: LifecycleSubject, settings: TemplateSettings, now: number): boolean {
  return (
    subject.transition === 'stop' &&
    subject.jobStatus === 'succeeded' &&
    subject.dormantAt === null &&
    subject.ownerStatus !== 'suspended' &&
    settings.allow_user_autostart &&
    subject.autostartSchedule !== null &&
    subject.nextStartAt !== null &&
    now >= subject.nextStartAt
  )
}

function hasFailedForLong(subject: LifecycleSubject, settings: TemplateSettings, now: number): boolean {
  return (
    settings.failure_ttl_ms > 0 &&
    subject.transition === 'start' &&
    subject.jobStatus === 'failed' &&
    now - subject.jobCompletedAt > settings.failure_ttl_ms
  )
}

function isUnused(subject: LifecycleSubject, settings: TemplateSettings, now: number): boolean {
  return (
    settings.time_til_dormant_ms > 0 &&
    subject.dormantAt === null &&
    now - subject.lastUsedAt > settings.time_til_dormant_ms
  )
}

function isDueToGo(subject: LifecycleSubject, settings: TemplateSettings, now: number): boolean {
  const isDue =
    settings.time_til_dormant_autodelete_ms > 0 &&
    subject.dormantAt !== null &&
    subject.deletingAt !== null &&
    now > subject.deletingAt
  if (!isDue) return false
  // A deletion that failed is tried again once a day, not at every look.
  const hasFailed = subject.transition === 'delete' && subject.jobStatus !== 'succeeded'
  return !hasFailed || now - subject.jobCompletedAt > DAY_MS
}
