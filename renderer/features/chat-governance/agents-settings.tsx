import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import { PageToolbar } from '../../ui/page-header.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Failure, useModelsAccess } from '../ai-models/index.ts'
import {
  DebugSettings,
  showDebugSettings,
  useDebugLogging,
  useDebugSettingsShown,
} from '../chat-debug/index.ts'
import { DeploymentAway, isAway, useDeployments } from '../deployments/index.ts'
import { PersonalSettings, SkillsSettings, useHasSkills } from '../own-agents/index.ts'
import { Spending } from './spending.tsx'
import { ToolRules } from './tool-rules.tsx'
import { Usage } from './usage.tsx'

/** Settings, Agents: what agents may do and spend on the active deployment, and what they cost. */
export function AgentsSettings() {
  const { active } = useDeployments()
  if (active === undefined) return <SkeletonRows label="Loading the deployments" />
  if (isAway(active)) return <DeploymentAway deployment={active} />
  return <OfDeployment key={active.id} deployment={active} />
}

type Part = 'rules' | 'personal' | 'skills' | 'spending' | 'usage' | 'debug'

function OfDeployment({ deployment }: { readonly deployment: Deployment }) {
  const access = useModelsAccess(deployment.id)
  const [chosen, setChosen] = useState<Exclude<Part, 'debug'>>('rules')
  const logging = useDebugLogging(deployment.id)
  const hasSkills = useHasSkills(deployment.id)
  const { isShown: isDebugShown } = useDebugSettingsShown()
  if (access.isPending) return <SkeletonRows label="Loading the settings of agents" />
  if (access.isError)
    return (
      <Failure
        className="p-5"
        title="The settings of agents cannot be shown"
        error={access.error}
        isRetrying={access.isFetching}
        onRetry={() => void access.refetch()}
      />
    )
  const { mayManage } = access.data
  const hasDebug = logging.data !== undefined && logging.data !== null
  const part: Part = isDebugShown && hasDebug ? 'debug' : chosen
  const choose = (next: Part) => {
    showDebugSettings(next === 'debug')
    if (next !== 'debug') setChosen(next)
  }
  const parts = partsOf({ mayManage, hasSkills, hasDebug })
  const props = { deploymentId: deployment.id, deploymentName: deployment.name, mayManage }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageToolbar>
        <Segmented aria-label="Settings of agents" options={parts} value={part} onChange={choose} />
      </PageToolbar>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-[920px] flex-col gap-4 p-5">
          {part === 'rules' ? <ToolRules {...props} /> : null}
          {part === 'personal' ? <PersonalSettings deploymentId={deployment.id} /> : null}
          {part === 'skills' ? <SkillsSettings deploymentId={deployment.id} /> : null}
          {part === 'spending' ? <Spending deploymentId={deployment.id} /> : null}
          {part === 'usage' ? <Usage {...props} /> : null}
          {part === 'debug' ? <DebugSettings {...props} /> : null}
        </div>
      </div>
    </div>
  )
}

/** What there is on this deployment for this user. */
function partsOf(has: {
  readonly mayManage: boolean
  readonly hasSkills: boolean
  readonly hasDebug: boolean
}): readonly { readonly value: Part; readonly label: string }[] {
  return [
    { value: 'rules', label: 'Tool rules' },
    { value: 'personal', label: 'Personal' },
    ...(has.hasSkills ? [{ value: 'skills' as const, label: 'Skills' }] : []),
    ...(has.mayManage ? [{ value: 'spending' as const, label: 'Spending' }] : []),
    { value: 'usage', label: 'Usage and cost' },
    ...(has.hasDebug ? [{ value: 'debug' as const, label: 'Debug logging' }] : []),
  ]
}
