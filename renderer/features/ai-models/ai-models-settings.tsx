import type { Deployment } from '#ipc/deployments'
import { hasCode } from '../../api/bridge-error.ts'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { AgentRules } from '../agent-rules/index.ts'
import { DeploymentAway, isAway, useDeployments } from '../deployments/index.ts'
import { AllAgents, StoppedNotice } from './all-agents.tsx'
import { DesktopProvider } from './desktop-provider.tsx'
import { Failure } from './failure.tsx'
import { ManagedModels } from './managed-models.tsx'
import { OwnKeys } from './own-keys.tsx'
import { UsableModels } from './usable-models.tsx'
import { useModelsAccess, useModelsList, type ModelsAccess } from './use-ai-models.ts'

/** Settings, Models: providers and models of the active deployment, and the user's own keys. */
export function AiModelsSettings() {
  const { active } = useDeployments()
  if (active === undefined) return <SkeletonRows label="Loading the deployments" />
  if (isAway(active)) return <DeploymentAway deployment={active} />
  return <OfDeployment key={active.id} deployment={active} />
}

function OfDeployment({ deployment }: { readonly deployment: Deployment }) {
  const access = useModelsAccess(deployment.id)
  if (access.isPending) return <SkeletonRows label="Loading the models" />
  if (access.isError)
    return (
      <Failure
        className="p-5"
        title="The models cannot be shown"
        error={access.error}
        isRetrying={access.isFetching}
        onRetry={() => void access.refetch()}
      />
    )
  return (
    <div className="mx-auto flex max-w-[920px] flex-col gap-4 p-5">
      {access.data.mayManage ? (
        <Managed deployment={deployment} access={access.data} />
      ) : (
        <>
          <UsableModels deploymentId={deployment.id} />
          <OwnKeys deploymentId={deployment.id} />
        </>
      )}
    </div>
  )
}

function Managed({ deployment, access }: { readonly deployment: Deployment; readonly access: ModelsAccess }) {
  const list = useModelsList(deployment.id)
  if (list.isPending) return <SkeletonRows label="Loading the models" />
  if (list.isError)
    // A deployment that lists no providers may still have models of an older kind.
    return hasCode<'aiModels.list'>(list.error, 'unsupported') ? (
      <UsableModels deploymentId={deployment.id} />
    ) : (
      <Failure
        title="The models cannot be shown"
        error={list.error}
        isRetrying={list.isFetching}
        onRetry={() => void list.refetch()}
      />
    )
  const about = { deploymentId: deployment.id, deploymentName: deployment.name }
  const computer = deployment.kind === 'local' ? 'this computer' : `the computer of ${deployment.name}`
  return (
    <>
      {access.hasSwitches ? <StoppedNotice {...about} /> : null}
      <ManagedModels {...about} computer={computer} access={access} list={list.data} />
      {list.data.providers.length === 0 ? null : <OwnKeys deploymentId={deployment.id} />}
      {list.data.providers.length === 0 ? null : (
        <DesktopProvider deploymentId={deployment.id} list={list.data} />
      )}
      {access.hasSwitches && list.data.providers.length > 0 ? <AllAgents {...about} /> : null}
      {list.data.providers.length === 0 ? null : (
        <AgentRules deploymentId={deployment.id} models={list.data.models} />
      )}
    </>
  )
}
