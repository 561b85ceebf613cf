import type { ToolPolicy } from '#bridge/contract/chats-approvals'

/** What can be chosen for a tool, from the laxest on. */
export const policyOptions: readonly { readonly value: ToolPolicy; readonly label: string }[] = [
  { value: 'always', label: 'Always' },
  { value: 'ask', label: 'Ask' },
  { value: 'never', label: 'Never' },
]

/** A policy in one word; one of a later server as it is. */
export function policyLabel(policy: string): string {
  return policyOptions.find(({ value }) => value === policy)?.label ?? policy
}
