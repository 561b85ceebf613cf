import type { ToolRule } from '#bridge/contract/chats-approvals'
import { useSubscription } from '../../api/use-subscription.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Trash2Icon } from '../../ui/icons.tsx'
import { type ShortColumn, ShortTable } from '../../ui/short-table.tsx'
import { policyLabel } from './policy-words.ts'
import { type NamedServer, toolLabel } from './tool-words.ts'
import type { Policy, SetRule } from './use-tool-policy.ts'

export interface WorkspaceRulesProps {
  readonly deploymentId: string
  readonly policy: Policy
  readonly set: SetRule
  readonly servers: readonly NamedServer[]
}

const tones = { always: 'ok', ask: 'neutral', never: 'bad' } as const

/** The rules that hold in one workspace alone, as answers to an agent's question make them. Nothing without any. */
export function WorkspaceRules({ deploymentId, policy, set, servers }: WorkspaceRulesProps) {
  const { data } = useSubscription('workspaces.watchList', { deploymentId, q: '' })
  const rules = policy.rules.filter((rule) => rule.workspace_id !== undefined)
  if (rules.length === 0) return null
  const nameOf = ({ workspace_id: id }: ToolRule): string => {
    const found = data?.workspaces.find((workspace) => workspace.id === id)
    return found?.name ?? (data === undefined ? 'Loading…' : 'A workspace that is gone')
  }
  const columns: readonly ShortColumn<ToolRule>[] = [
    {
      id: 'workspace',
      header: 'Workspace',
      rowHeader: true,
      cell: (rule) => (
        <span className="block cut font-medium" title={rule.workspace_id}>
          {nameOf(rule)}
        </span>
      ),
    },
    {
      id: 'tool',
      header: 'Tool',
      cell: ({ tool }) => <span className="block cut">{toolLabel(tool, servers)}</span>,
    },
    {
      id: 'rule',
      header: 'Rule',
      className: 'w-24',
      cell: ({ policy: word }) => (
        <Badge tone={word in tones ? tones[word as keyof typeof tones] : 'neutral'}>
          {policyLabel(word)}
        </Badge>
      ),
    },
    {
      id: 'remove',
      header: 'Remove',
      hideHeader: true,
      className: 'w-14',
      cell: (rule) => {
        const what = `${toolLabel(rule.tool, servers)} in ${nameOf(rule)}`
        return (
          <IconButton
            label={`Remove the rule for ${what}`}
            icon={<Trash2Icon />}
            onClick={() =>
              set(
                { tool: rule.tool, workspaceId: rule.workspace_id },
                undefined,
                `${what}: the rule is removed`,
              )
            }
          />
        )
      },
    },
  ]
  return (
    <Card title="In single workspaces" meta="These go before the rules below" flush>
      <ShortTable
        label="Rules in single workspaces"
        columns={columns}
        rows={rules}
        rowKey={(rule) => `${rule.workspace_id ?? ''} ${rule.tool}`}
      />
    </Card>
  )
}
