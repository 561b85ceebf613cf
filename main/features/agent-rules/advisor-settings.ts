import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { type AdvisorConfig, chatAdvisorRoutes } from '#bridge/contract/chats-advisor'
import { deploymentRoutes } from '#bridge/contract/deployment'
import { advisorExperiment } from '#bridge/contract/experiments'
import { isZeroUuid, zeroUuid } from '#bridge/contract/zero-values'
import type { AgentAdvisor } from '#ipc/agent-rules'

type Settings = Omit<AgentAdvisor, 'maySwitch'>

/** The advisor of a deployment. @throws {CoderApiError} 403 and 404 where it has none */
export async function readAdvisor(client: CoderClient, signal?: AbortSignal): Promise<AgentAdvisor> {
  const given = signal === undefined ? {} : { signal }
  const config = await client.call(chatAdvisorRoutes.get, {}, given)
  const experiments = await client
    .call(deploymentRoutes.experiments, {}, given)
    .catch((error: unknown): string[] => {
      if (error instanceof CoderApiError && [403, 404].includes(error.status)) return []
      throw error
    })
  // Before the experiment it was a setting.
  return { ...toSettings(config), maySwitch: !experiments.includes(advisorExperiment) }
}

function toSettings(config: AdvisorConfig): Settings {
  const { model_config_id: id } = config
  return {
    enabled: config.enabled,
    maxUses: config.max_uses_per_run,
    maxTokens: config.max_output_tokens,
    modelConfigId: id === undefined ? null : isZeroUuid(id) ? '' : id,
    effort: config.reasoning_effort ?? '',
  }
}

/** Whether nothing of it was changed since somebody saw it, as far as they can set it. */
export function isSameAdvisor({ maySwitch, ...now }: AgentAdvisor, seen: Settings): boolean {
  return (
    (!maySwitch || now.enabled === seen.enabled) &&
    now.maxUses === seen.maxUses &&
    now.maxTokens === seen.maxTokens &&
    now.modelConfigId === seen.modelConfigId &&
    now.effort === seen.effort
  )
}

/** Saves it as a whole: the deployment keeps nothing that is left out. */
export async function writeAdvisor(client: CoderClient, wished: Settings): Promise<void> {
  const { modelConfigId: id, effort } = wished
  await client.call(chatAdvisorRoutes.update, {
    body: {
      enabled: wished.enabled,
      max_uses_per_run: wished.maxUses,
      max_output_tokens: wished.maxTokens,
      // Where the model is kept elsewhere, so is how hard it thinks.
      ...(id === null ? {} : { model_config_id: id === '' ? zeroUuid : id }),
      ...(id === null || id === '' || effort === '' ? {} : { reasoning_effort: effort }),
    },
  })
}
