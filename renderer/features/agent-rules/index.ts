export { AgentRules } from './agent-rules.tsx'
export { createRuleDrafts, useRuleDraft, type RuleDraft } from './rule-draft.ts'
export { ChangedNotice, type RuleSaving } from './rule-parts.tsx'
