import type {
  ToolPolicy,
  ToolPolicyResponse,
  ToolRule,
  UpdateToolPolicyRequest,
} from '#bridge/contract/chats-approvals'

export type SentRule = UpdateToolPolicyRequest['rules'][number]

/** What a rule is about: a tool (or `slug__*`, or `*`), in one workspace or in all. */
export interface RulePlace {
  readonly tool: string
  readonly workspaceId?: string | undefined
}

const isAbout = (rule: ToolRule, { tool, workspaceId }: RulePlace): boolean =>
  rule.tool === tool && rule.workspace_id === workspaceId

const isPolicy = (policy: string): policy is ToolPolicy =>
  policy === 'always' || policy === 'ask' || policy === 'never'

/** Whether a rule says something that this app has no word for; then it must not write the rules back. */
export function hasForeignPolicy({ rules }: ToolPolicyResponse): boolean {
  return rules.some(({ policy }) => !isPolicy(policy))
}

/** The rules as they are sent. */
export function sentRules(rules: readonly ToolRule[]): SentRule[] {
  return rules.flatMap(({ tool, policy, workspace_id: workspaceId }) =>
    isPolicy(policy)
      ? [{ tool, policy, ...(workspaceId === undefined ? {} : { workspace_id: workspaceId }) }]
      : [],
  )
}

/** The policy of the rule for exactly that place. */
export function ruleAt(rules: readonly ToolRule[], place: RulePlace): ToolPolicy | undefined {
  const policy = rules.find((rule) => isAbout(rule, place))?.policy
  return policy !== undefined && isPolicy(policy) ? policy : undefined
}

/** The rules with another one for a place; undefined takes it away. */
export function withRule(
  rules: readonly ToolRule[],
  place: RulePlace,
  policy: ToolPolicy | undefined,
): ToolRule[] {
  if (policy === undefined) return rules.filter((rule) => !isAbout(rule, place))
  if (rules.some((rule) => isAbout(rule, place)))
    return rules.map((rule) => (isAbout(rule, place) ? { ...rule, policy } : rule))
  const { tool, workspaceId } = place
  return [...rules, { tool, policy, ...(workspaceId === undefined ? {} : { workspace_id: workspaceId }) }]
}

/** What the most precise of the rules for all workspaces says about a tool; a name goes before a part of one. */
function mostPrecise(rules: readonly ToolRule[], tool: string): ToolPolicy | undefined {
  const fitting = rules
    .filter((rule) => rule.workspace_id === undefined)
    .filter((rule) =>
      rule.tool.endsWith('*') ? tool.startsWith(rule.tool.slice(0, -1)) : rule.tool === tool,
    )
    .sort((a, b) => precision(b) - precision(a))
  const policy = fitting[0]?.policy
  return policy !== undefined && isPolicy(policy) ? policy : undefined
}

const precision = ({ tool }: ToolRule): number => (tool.endsWith('*') ? tool.length : 1000)

/** What holds for a tool in workspaces without a rule of their own. */
export function effectivePolicy({ rules, defaults }: ToolPolicyResponse, tool: string): ToolPolicy {
  return mostPrecise(rules, tool) ?? mostPrecise(defaults, tool) ?? 'ask'
}

/** What would hold without the rule for exactly this tool. */
export function policyWithout({ rules, defaults }: ToolPolicyResponse, tool: string): ToolPolicy {
  return effectivePolicy({ rules: withRule(rules, { tool }, undefined), defaults }, tool)
}

/** The laxest that one's own rule can be: the deployment's `never` and `ask` cannot be loosened. */
export function ceilingOf(deployment: readonly ToolRule[], tool: string): ToolPolicy {
  return mostPrecise(deployment, tool) ?? 'always'
}

const strictness: Record<ToolPolicy, number> = { always: 0, ask: 1, never: 2 }

/** Whether a policy is as strict as the ceiling asks, or stricter. */
export function isWithin(policy: ToolPolicy, ceiling: ToolPolicy): boolean {
  return strictness[policy] >= strictness[ceiling]
}

/** The stricter one of two. */
export function stricter(a: ToolPolicy, b: ToolPolicy): ToolPolicy {
  return strictness[a] >= strictness[b] ? a : b
}
