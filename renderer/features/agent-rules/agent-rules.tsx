import type { ChatModelConfig } from '#bridge/contract/chats-models'
import { AdvisorRules } from './advisor-rules.tsx'
import { AllowedTemplates } from './allowed-templates.tsx'
import { Instructions } from './instructions.tsx'
import { Lifecycle } from './lifecycle.tsx'
import { TaskModels } from './task-models.tsx'

export interface AgentRulesProps {
  readonly deploymentId: string
  readonly models: readonly ChatModelConfig[]
}

/** What an administrator decides for all agents. What a deployment does not have is not shown. */
export function AgentRules({ deploymentId, models }: AgentRulesProps) {
  return (
    <>
      <TaskModels deploymentId={deploymentId} models={models} />
      <AdvisorRules deploymentId={deploymentId} models={models} />
      <Instructions deploymentId={deploymentId} />
      <AllowedTemplates deploymentId={deploymentId} />
      <Lifecycle deploymentId={deploymentId} />
    </>
  )
}
