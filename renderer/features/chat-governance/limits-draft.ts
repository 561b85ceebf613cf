import { create } from 'zustand'
import type { ChatUsageLimits, UpdateChatUsageLimitsRequest, UsagePeriod } from '#bridge/contract/chats-cost'
import { dollarsText, readDollars } from './dollars.ts'

/** The limits as they are being typed, in dollars; empty is none. */
export interface LimitsDraft {
  readonly person: string
  readonly chat: string
  readonly period: UsagePeriod
}

/** Forms that were typed into and not saved, by deployment: a look at another page loses nothing. */
export const useLimitsDrafts = create<Readonly<Record<string, LimitsDraft>>>(() => ({}))

/** Keeps what is typed; undefined forgets it. */
export function keepLimitsDraft(deploymentId: string, draft: LimitsDraft | undefined): void {
  const { [deploymentId]: _, ...others } = useLimitsDrafts.getState()
  useLimitsDrafts.setState(draft === undefined ? others : { ...others, [deploymentId]: draft }, true)
}

/** A limit of one person that is being typed. */
export interface NewLimitDraft {
  readonly userId: string | null
  readonly amount: string
}

const blankNewLimit: NewLimitDraft = { userId: null, amount: '' }
export const useNewLimitDrafts = create<Readonly<Record<string, NewLimitDraft>>>(() => ({}))

/** What is typed for one more person. */
export function useNewLimit(deploymentId: string): NewLimitDraft {
  return useNewLimitDrafts((drafts) => drafts[deploymentId] ?? blankNewLimit)
}

/** Keeps what is typed for one more person; an empty change begins anew. */
export function keepNewLimit(deploymentId: string, change: Partial<NewLimitDraft> = blankNewLimit): void {
  const before = useNewLimitDrafts.getState()[deploymentId] ?? blankNewLimit
  useNewLimitDrafts.setState({ [deploymentId]: { ...before, ...change } })
}

const textOf = (micros: number | null | undefined): string =>
  micros === null || micros === undefined ? '' : dollarsText(micros)

const isPeriod = (period: string): period is UsagePeriod =>
  period === 'day' || period === 'week' || period === 'month'

/** The draft that changes nothing. */
export function limitsDraftOf(limits: ChatUsageLimits): LimitsDraft {
  return {
    person: textOf(limits.spend_limit_micros),
    chat: textOf(limits.chat_spend_limit_micros),
    period: isPeriod(limits.period) ? limits.period : 'month',
  }
}

/** What is wrong with an amount that may be empty. */
export function limitProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined
  const read = readDollars(text)
  return 'problem' in read ? read.problem : undefined
}

const microsOf = (text: string): number | null => {
  const read = readDollars(text)
  return 'micros' in read ? read.micros : null
}

/** The limits as they are sent; that of chats only where the deployment knows it. */
export function sentLimits(draft: LimitsDraft, hasChatLimit: boolean): UpdateChatUsageLimitsRequest {
  return {
    spend_limit_micros: microsOf(draft.person),
    period: draft.period,
    ...(hasChatLimit ? { chat_spend_limit_micros: microsOf(draft.chat) } : {}),
  }
}
