import type { AgentAdvisor } from '#ipc/agent-rules'
import { createRuleDrafts } from './rule-draft.ts'

/** The settings of the advisor as they are typed. */
export interface AdvisorDraft extends Pick<AgentAdvisor, 'enabled' | 'modelConfigId' | 'effort'> {
  readonly uses: string
  readonly tokens: string
}

/** Settings that were typed and not saved. */
export const advisorDrafts = createRuleDrafts<AdvisorDraft>()

const mostUses = 1200
const mostTokens = 1_000_000

/** The saved settings as they stand in the fields. */
export function advisorDraftOf({ maxUses, maxTokens, maySwitch: _, ...rest }: AgentAdvisor): AdvisorDraft {
  return { ...rest, uses: String(maxUses), tokens: String(maxTokens) }
}

export interface AdvisorProblems {
  readonly uses: string | undefined
  readonly tokens: string | undefined
}

/** What is wrong with what is typed. */
export function problemsOf({ uses, tokens }: AdvisorDraft): AdvisorProblems {
  return { uses: problemOf(uses, mostUses), tokens: problemOf(tokens, mostTokens) }
}

function problemOf(text: string, most: number): string | undefined {
  const typed = text.trim()
  return /^\d{1,7}$/.test(typed) && Number(typed) <= most
    ? undefined
    : `Write a whole number from 0 to ${most.toLocaleString('en-US')}.`
}

/** What is typed as it is sent; what is wrong was refused before. */
export function sentAdvisor({ uses, tokens, ...rest }: AdvisorDraft): Omit<AgentAdvisor, 'maySwitch'> {
  return { ...rest, maxUses: Number(uses), maxTokens: Number(tokens) }
}

/** Whether two mean the same. What only the deployment decides makes no difference. */
export function isSameAdvisor(maySwitch: boolean): (a: AdvisorDraft, b: AdvisorDraft) => boolean {
  return (a, b) =>
    (!maySwitch || a.enabled === b.enabled) &&
    a.modelConfigId === b.modelConfigId &&
    a.effort === b.effort &&
    a.uses.trim() === b.uses.trim() &&
    a.tokens.trim() === b.tokens.trim()
}
