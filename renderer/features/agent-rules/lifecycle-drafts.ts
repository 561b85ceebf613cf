import type { LifecycleName } from '#ipc/agent-rules'
import { createRuleDrafts, type RuleDrafts } from './rule-draft.ts'

/** A time as it is typed. */
export interface TimeDraft {
  readonly amount: string
  readonly unit: TimeUnit
}
export type TimeUnit = 'minutes' | 'hours' | 'days'

/** Times that were typed and not saved. */
export const lifecycleDrafts: Readonly<Record<LifecycleName, RuleDrafts<TimeDraft>>> = {
  workspaceTtlMs: createRuleDrafts<TimeDraft>(),
  retentionDays: createRuleDrafts<TimeDraft>(),
  autoArchiveDays: createRuleDrafts<TimeDraft>(),
}

const minuteMs = 60_000
const unitMs: Readonly<Record<TimeUnit, number>> = {
  minutes: minuteMs,
  hours: 60 * minuteMs,
  days: 24 * 60 * minuteMs,
}
const mostTtlMs = 30 * unitMs.days
const mostDays = 3650

/** What is typed as the value that is saved, or what is wrong with it. */
export type TimeRead = { readonly value: number } | { readonly problem: string }

/** A saved value as it stands in the field, in the largest unit that it is whole in. */
export function timeDraftOf(name: LifecycleName, value: number): TimeDraft {
  if (name !== 'workspaceTtlMs') return { amount: String(value), unit: 'days' }
  if (value === 0) return { amount: '0', unit: 'hours' }
  const unit = (['days', 'hours'] as const).find((larger) => value % unitMs[larger] === 0) ?? 'minutes'
  return { amount: String(value / unitMs[unit]), unit }
}

/** Reads what is typed. {@link timeDraftOf} brings it back. */
export function readTime(name: LifecycleName, { amount, unit }: TimeDraft): TimeRead {
  const typed = amount.trim()
  if (name !== 'workspaceTtlMs')
    return /^\d{1,5}$/.test(typed) && Number(typed) <= mostDays
      ? { value: Number(typed) }
      : { problem: `Write a number of days from 0 to ${mostDays.toLocaleString('en-US')}.` }
  const value = /^\d{1,8}(?:\.\d+)?$/.test(typed) ? Math.round(Number(typed) * unitMs[unit]) : Number.NaN
  const isWithin = value === 0 || (value >= minuteMs && value <= mostTtlMs)
  return isWithin ? { value } : { problem: 'Write 0, or from one minute to 30 days.' }
}

/** Whether two mean the same: 24 hours are a day. */
export function isSameTime(name: LifecycleName): (a: TimeDraft, b: TimeDraft) => boolean {
  return (a, b) => {
    const [one, other] = [readTime(name, a), readTime(name, b)]
    return 'value' in one && 'value' in other
      ? one.value === other.value && a.unit === b.unit
      : a.amount === b.amount && a.unit === b.unit
  }
}

/** A time in words. */
export function inWordsOf({ amount, unit }: TimeDraft): string {
  return `${amount.trim()} ${Number(amount) === 1 ? unit.slice(0, -1) : unit}`
}
