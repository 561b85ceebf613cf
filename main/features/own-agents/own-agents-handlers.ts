import {
  type ChatPersonalModelOverride,
  chatUserConfigRoutes,
  type PersonalOverrideContext,
  personalOverrideModes,
  type UserChatPersonalModelOverridesResponse,
} from '#bridge/contract/chats-config'
import { chatModelsRoutes } from '#bridge/contract/chats-models'
import { ownPreferencesRoute, userSettingsRoutes } from '#bridge/contract/user-settings'
import { userSkillsRoutes } from '#bridge/contract/user-skills'
import type { Contract } from '#ipc/contract'
import type { OwnModel } from '#ipc/own-agents'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { refusedAs } from '../../lib/refused-as.ts'
import { requireUnchanged } from '../../lib/require-unchanged.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'

type Handlers = FeatureHandlers<Contract['ownAgents']>
type Connect = (deploymentId: string) => DeploymentConnection

const absent = refusedAs({ 404: 'unsupported' })
const ME = { user: 'me' }

/** The procedures around what people set for the agents of their own chats. */
export function createOwnAgentsHandlers(connection: Connect): Handlers {
  return {
    instructions: ({ deploymentId }, { signal }) =>
      nullWhereNotTold(
        connection(deploymentId).call(async (client) => {
          const { custom_prompt: text } = await client.call(chatUserConfigRoutes.prompt, {}, { signal })
          return { text }
        }),
      ),
    setInstructions: ({ deploymentId, seen, text }) =>
      connection(deploymentId).call(async (client) => {
        const now = await client.call(chatUserConfigRoutes.prompt, {})
        requireUnchanged(now.custom_prompt === seen)
        const body = { custom_prompt: text }
        const { custom_prompt: kept } = await client.call(chatUserConfigRoutes.updatePrompt, { body })
        return { text: kept }
      }, absent),
    preferences: ({ deploymentId }, { signal }) =>
      nullWhereNotTold(
        connection(deploymentId).call((client) =>
          client.call(ownPreferencesRoute, { params: ME }, { signal }),
        ),
      ),
    async setPreferences({ deploymentId, changes }) {
      await connection(deploymentId).call(
        (client) => client.call(userSettingsRoutes.updatePreferences, { params: ME, body: changes }),
        absent,
      )
      return null
    },
    ...modelHandlers(connection),
    ...skillHandlers(connection),
  }
}

function modelHandlers(
  connection: Connect,
): Pick<Handlers, 'models' | 'setModel' | 'thresholds' | 'setThreshold'> {
  return {
    models: ({ deploymentId }, { signal }) =>
      nullWhereNotTold(
        connection(deploymentId).call(async (client) =>
          ownModels(await client.call(chatUserConfigRoutes.modelOverrides, {}, { signal })),
        ),
      ),
    async setModel({ deploymentId, context, mode, modelConfigId }) {
      await connection(deploymentId).call(
        (client) =>
          client.call(chatUserConfigRoutes.updateModelOverride, {
            params: { context },
            body: { mode, model_config_id: modelConfigId },
          }),
        refusedAs({ 403: 'not_allowed', 404: 'unsupported' }),
      )
      return null
    },
    thresholds: ({ deploymentId }, { signal }) =>
      nullWhereNotTold(
        connection(deploymentId).call(async (client) => {
          const [{ thresholds }, configs] = await Promise.all([
            client.call(chatUserConfigRoutes.thresholds, {}, { signal }),
            client.call(chatModelsRoutes.list, {}, { signal }),
          ])
          const own = new Map(thresholds.map((one) => [one.model_config_id, one.threshold_percent]))
          return configs
            .filter(({ enabled, id }) => enabled || own.has(id))
            .map(({ id, display_name: name, model, compression_threshold: defaultPercent }) => {
              const ownPercent = own.get(id)
              return {
                modelConfigId: id,
                model: name === '' ? model : name,
                defaultPercent,
                ...(ownPercent === undefined ? {} : { ownPercent }),
              }
            })
        }),
      ),
    async setThreshold({ deploymentId, modelConfigId, percent }) {
      const params = { modelconfig: modelConfigId }
      await connection(deploymentId).call(async (client) => {
        if (percent === null) await client.call(chatUserConfigRoutes.deleteThreshold, { params })
        else
          await client.call(chatUserConfigRoutes.updateThreshold, {
            params,
            body: { threshold_percent: percent },
          })
      }, absent)
      return null
    },
  }
}

/** What agents of each kind run on; null where users may not choose. */
function ownModels(told: UserChatPersonalModelOverridesResponse): OwnModel[] | null {
  if (!told.enabled) return null
  const { root, general, explore, deployment_defaults: shared } = told
  return [
    ownModel('root', root, ''),
    ownModel('general', general, shared.general.model_config_id),
    ownModel('explore', explore, shared.explore.model_config_id),
  ]
}

function ownModel(
  context: PersonalOverrideContext,
  told: ChatPersonalModelOverride,
  deploymentModelId: string,
): OwnModel {
  const mode = personalOverrideModes.find((known) => known === told.mode)
  return {
    context,
    ...(mode === undefined ? {} : { mode }),
    modelConfigId: told.model_config_id,
    isGone: told.is_malformed,
    deploymentModelId,
  }
}

const skillRefusal = refusedAs(
  { 404: 'skill_gone', 409: 'name_taken' },
  { skill_gone: 'This skill is not there any more: it was deleted or renamed elsewhere.' },
)

function skillHandlers(
  connection: Connect,
): Pick<Handlers, 'skills' | 'skill' | 'createSkill' | 'updateSkill' | 'deleteSkill'> {
  return {
    skills: ({ deploymentId }, { signal }) =>
      nullWhereNotTold(
        connection(deploymentId).call((client) =>
          client.call(userSkillsRoutes.list, { params: ME }, { signal }),
        ),
      ),
    skill: ({ deploymentId, name }, { signal }) =>
      connection(deploymentId).call((client) =>
        client.call(userSkillsRoutes.get, { params: { ...ME, name } }, { signal }),
      ),
    createSkill: ({ deploymentId, content }) =>
      connection(deploymentId).call(
        (client) => client.call(userSkillsRoutes.create, { params: ME, body: { content } }),
        refusedAs({ 404: 'unsupported', 409: 'name_taken' }),
      ),
    updateSkill: ({ deploymentId, name, seen, content }) =>
      connection(deploymentId).call(async (client) => {
        const params = { ...ME, name }
        const now = await client.call(userSkillsRoutes.get, { params })
        requireUnchanged(now.content === seen)
        return client.call(userSkillsRoutes.update, { params, body: { content } })
      }, skillRefusal),
    async deleteSkill({ deploymentId, name, seenAt }) {
      await connection(deploymentId).call(async (client) => {
        const params = { ...ME, name }
        const now = await client.call(userSkillsRoutes.get, { params })
        requireUnchanged(Date.parse(now.updated_at) === Date.parse(seenAt))
        await client.call(userSkillsRoutes.delete, { params })
      }, skillRefusal)
      return null
    },
  }
}

/** What a deployment does not have, or not for this user, is null: the page has no such part then. */
async function nullWhereNotTold<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (error instanceof ProcedureError && (error.code === 'not_found' || error.code === 'forbidden'))
      return null
    throw error
  }
}
