import { useState } from 'react'
import { hasCode } from '../../api/bridge-error.ts'
import { useRead } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ShieldIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Failure } from '../ai-models/index.ts'
import { RuleTable } from './rule-table.tsx'
import { hasForeignPolicy } from './tool-policy.ts'
import { type Policy, useSetRule, useToolPolicy, type Whose } from './use-tool-policy.ts'
import { WorkspaceRules } from './workspace-rules.tsx'

export interface ToolRulesProps {
  readonly deploymentId: string
  readonly deploymentName: string
  readonly mayManage: boolean
}

/** Which tools run by themselves, which ask first and which never run: one's own rules, and the deployment's. */
export function ToolRules({ deploymentId, deploymentName, mayManage }: ToolRulesProps) {
  const [whose, setWhose] = useState<Whose>('own')
  const own = useToolPolicy(deploymentId, 'own')
  const deployment = useToolPolicy(deploymentId, 'deployment')
  const failed = own.isError ? own : deployment.isError ? deployment : undefined
  if (failed !== undefined)
    return hasCode<'chatGovernance.toolPolicy'>(failed.error, 'unsupported') ? (
      <EmptyState icon={<ShieldIcon />} tone="warn" title={`${deploymentName} has no rules for tools`}>
        Its agents run every tool without asking. Choose what a chat may reach by its workspace and its MCP
        servers.
      </EmptyState>
    ) : (
      <Failure
        title="The rules for tools cannot be shown"
        error={failed.error}
        isRetrying={failed.isFetching}
        onRetry={() => void failed.refetch()}
      />
    )
  if (own.data === undefined || deployment.data === undefined)
    return <SkeletonRows rows={8} label="Loading the rules for tools" />
  const sides: readonly { readonly value: Whose; readonly label: string }[] = [
    { value: 'own', label: 'My rules' },
    { value: 'deployment', label: 'Everybody’s' },
  ]
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-80 text-fg-2">
          {whose === 'own'
            ? 'What agents in your chats may do by themselves. Where the deployment is stricter, its rule holds.'
            : `What holds for everybody on ${deploymentName}. Nobody’s own rules can be laxer.`}
        </p>
        {mayManage ? (
          <Segmented aria-label="Whose rules" options={sides} value={whose} onChange={setWhose} />
        ) : null}
      </div>
      <Rules
        key={whose}
        deploymentId={deploymentId}
        whose={whose}
        policy={whose === 'own' ? own.data : deployment.data}
        deployment={deployment.data}
      />
    </>
  )
}

interface RulesProps {
  readonly deploymentId: string
  readonly whose: Whose
  readonly policy: Policy
  readonly deployment: Policy
}

function Rules({ deploymentId, whose, policy, deployment }: RulesProps) {
  const servers = useRead('mcpServers.list', { deploymentId })
  const set = useSetRule(deploymentId, whose)
  const named = (servers.data?.servers ?? []).map(({ config }) => ({
    slug: config.slug,
    name: config.display_name === '' ? config.slug : config.display_name,
  }))
  if (hasForeignPolicy(policy))
    return (
      <Notice tone="warn" title="These rules were written by a newer version">
        They hold, and this version does not know all of their words. Update Outpost to change them.
      </Notice>
    )
  const props = { policy, set, servers: named }
  return (
    <>
      {servers.isError ? (
        <Notice tone="warn">
          The MCP servers of the deployment cannot be listed, so their rows are missing.
        </Notice>
      ) : null}
      <WorkspaceRules {...props} deploymentId={deploymentId} />
      <RuleTable {...props} ceilings={whose === 'own' ? deployment.rules : []} />
    </>
  )
}
