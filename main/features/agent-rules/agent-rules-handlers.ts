import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { chatConfigRoutes } from '#bridge/contract/chats-config'
import { agentTasks, type AgentTask, type AgentTaskModel } from '#ipc/agent-rules'
import type { Contract } from '#ipc/contract'
import { refusedAs } from '../../lib/refused-as.ts'
import { requireUnchanged } from '../../lib/require-unchanged.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { isSameAdvisor, readAdvisor, writeAdvisor } from './advisor-settings.ts'
import { lifecycleSettings } from './lifecycle-settings.ts'

type Handlers = FeatureHandlers<Contract['agentRules']>
type Connect = (deploymentId: string) => DeploymentConnection

const absent = refusedAs({ 404: 'unsupported' })

/** The procedures around what an administrator decides for all agents. */
export function createAgentRulesHandlers(connection: Connect): Handlers {
  return {
    ...instructionHandlers(connection),
    ...lifecycleHandlers(connection),
    ...templateHandlers(connection),
    ...modelHandlers(connection),
    ...advisorHandlers(connection),
  }
}

/** What is not for this user, or not there, is null. */
async function orNull<T>(call: Promise<T>, missing: readonly number[] = [404]): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (error instanceof CoderApiError && missing.includes(error.status)) return null
    throw error
  }
}

function instructionHandlers(
  connection: Connect,
): Pick<Handlers, 'instructions' | 'setSystemPrompt' | 'setPlanMode'> {
  return {
    instructions: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const [system, plan] = await Promise.all([
          orNull(client.call(chatConfigRoutes.systemPrompt, {}, { signal })),
          orNull(client.call(chatConfigRoutes.planModeInstructions, {}, { signal })),
        ])
        return {
          systemPrompt: system && {
            text: system.system_prompt,
            includesDefault: system.include_default_system_prompt,
            defaultText: system.default_system_prompt,
          },
          planMode: plan?.plan_mode_instructions ?? null,
        }
      }),
    async setSystemPrompt({ deploymentId, seen, wished }) {
      await connection(deploymentId).call(async (client) => {
        const now = await client.call(chatConfigRoutes.systemPrompt, {})
        requireUnchanged(
          now.system_prompt === seen.text && now.include_default_system_prompt === seen.includesDefault,
        )
        await client.call(chatConfigRoutes.updateSystemPrompt, {
          body: { system_prompt: wished.text, include_default_system_prompt: wished.includesDefault },
        })
      }, absent)
      return null
    },
    async setPlanMode({ deploymentId, seen, wished }) {
      await connection(deploymentId).call(async (client) => {
        const now = await client.call(chatConfigRoutes.planModeInstructions, {})
        requireUnchanged(now.plan_mode_instructions === seen)
        await client.call(chatConfigRoutes.updatePlanModeInstructions, {
          body: { plan_mode_instructions: wished },
        })
      }, absent)
      return null
    },
  }
}

function lifecycleHandlers(connection: Connect): Pick<Handlers, 'lifecycle' | 'setLifecycle'> {
  return {
    lifecycle: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const [workspaceTtlMs, retentionDays, autoArchiveDays] = await Promise.all([
          orNull(lifecycleSettings.workspaceTtlMs.read(client, signal)),
          orNull(lifecycleSettings.retentionDays.read(client, signal)),
          orNull(lifecycleSettings.autoArchiveDays.read(client, signal)),
        ])
        return { workspaceTtlMs, retentionDays, autoArchiveDays }
      }),
    async setLifecycle({ deploymentId, name, seen, wished }) {
      const { read, write } = lifecycleSettings[name]
      await connection(deploymentId).call(async (client) => {
        requireUnchanged((await read(client)) === seen)
        await write(client, wished)
      }, absent)
      return null
    },
  }
}

const sorted = (ids: readonly string[]): string => [...new Set(ids)].sort().join()

function templateHandlers(connection: Connect): Pick<Handlers, 'templates' | 'setTemplates'> {
  return {
    templates: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const list = await orNull(client.call(chatConfigRoutes.templateAllowlist, {}, { signal }))
        return list?.template_ids ?? null
      }),
    async setTemplates({ deploymentId, seen, wished }) {
      await connection(deploymentId).call(async (client) => {
        const now = await client.call(chatConfigRoutes.templateAllowlist, {})
        requireUnchanged(sorted(now.template_ids) === sorted(seen))
        await client.call(chatConfigRoutes.updateTemplateAllowlist, { body: { template_ids: wished } })
      }, absent)
      return null
    },
  }
}

async function taskModel(
  client: CoderClient,
  task: AgentTask,
  signal: AbortSignal,
): Promise<AgentTaskModel | null> {
  // A deployment that does not know the task may say so with 400.
  const override = await orNull(
    client.call(chatConfigRoutes.modelOverride, { params: { context: task } }, { signal }),
    [400, 404],
  )
  return override && { task, modelConfigId: override.model_config_id, isMalformed: override.is_malformed }
}

function modelHandlers(connection: Connect): Pick<Handlers, 'models' | 'setTaskModel' | 'setPersonalModels'> {
  return {
    models: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const [personal, ...tasks] = await Promise.all([
          orNull(client.call(chatConfigRoutes.personalModelOverrides, {}, { signal })),
          ...agentTasks.map((task) => taskModel(client, task, signal)),
        ])
        return {
          tasks: tasks.filter((task) => task !== null),
          allowsPersonal: personal?.allow_users ?? null,
        }
      }),
    async setTaskModel({ deploymentId, task, seen, wished }) {
      const params = { context: task }
      await connection(deploymentId).call(async (client) => {
        const now = await client.call(chatConfigRoutes.modelOverride, { params })
        requireUnchanged(now.model_config_id === seen)
        await client.call(chatConfigRoutes.updateModelOverride, { params, body: { model_config_id: wished } })
      }, absent)
      return null
    },
    async setPersonalModels({ deploymentId, allows }) {
      await connection(deploymentId).call(
        (client) =>
          client.call(chatConfigRoutes.updatePersonalModelOverrides, { body: { allow_users: allows } }),
        absent,
      )
      return null
    },
  }
}

function advisorHandlers(connection: Connect): Pick<Handlers, 'advisor' | 'setAdvisor'> {
  return {
    advisor: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call((client) =>
        // 403: the experiment is off.
        orNull(readAdvisor(client, signal), [403, 404]),
      ),
    async setAdvisor({ deploymentId, seen, wished }) {
      await connection(deploymentId).call(async (client) => {
        requireUnchanged(isSameAdvisor(await readAdvisor(client), seen))
        await writeAdvisor(client, wished)
      }, absent)
      return null
    },
  }
}
