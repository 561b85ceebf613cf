import { aiProviderKeysRoutes } from '#bridge/contract/ai-provider-keys'
import { aiProvidersRoutes } from '#bridge/contract/ai-providers'
import { mayConfigure } from '#bridge/client/may-configure'
import { buildInfoRoutes, type BuildInfoResponse } from '#bridge/contract/build-info'
import {
  chatConfigRoutes,
  computerUseProviders,
  type ComputerUseProvider,
} from '#bridge/contract/chats-config'
import { chatFoundModelsRoutes } from '#bridge/contract/chats-found-models'
import { chatModelsRoutes } from '#bridge/contract/chats-models'
import { chatSwitchesRoutes } from '#bridge/contract/chats-switches'
import { hasFeature, isLocalDeployment } from '#bridge/contract/features'
import type { Contract } from '#ipc/contract'
import { refusedAs } from '../../lib/refused-as.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { updateModel } from './model-update.ts'

type Handlers = FeatureHandlers<Contract['aiModels']>
type Connect = (deploymentId: string) => DeploymentConnection

const absent = refusedAs({ 404: 'unsupported' })
const ME = { user: 'me' }

/** The procedures around providers of models, models and keys of one's own. */
export function createAiModelsHandlers(connection: Connect): Handlers {
  return {
    access: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
        return {
          mayManage: await mayConfigure(client, signal),
          hasSwitches: hasFeature(buildInfo, 'chat-switches'),
          hasFoundModels: hasFeature(buildInfo, 'chat-found-models'),
        }
      }),
    list: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const [providers, models] = await Promise.all([
          client.call(aiProvidersRoutes.list, {}, { signal }),
          client.call(chatModelsRoutes.list, {}, { signal }),
        ])
        return { providers, models }
      }, absent),
    ...providerHandlers(connection),
    ...modelHandlers(connection),
    ...switchHandlers(connection),
    ...desktopHandlers(connection),
    ...ownKeyHandlers(connection),
  }
}

function providerHandlers(
  connection: Connect,
): Pick<Handlers, 'createProvider' | 'updateProvider' | 'deleteProvider' | 'find'> {
  return {
    createProvider: ({ deploymentId, provider }) =>
      connection(deploymentId).call(
        (client) => client.call(aiProvidersRoutes.create, { body: provider }),
        refusedAs({ 409: 'name_taken' }),
      ),
    updateProvider: ({ deploymentId, providerId, changes }) =>
      connection(deploymentId).call((client) =>
        client.call(aiProvidersRoutes.update, { params: { aiprovider: providerId }, body: changes }),
      ),
    async deleteProvider({ deploymentId, providerId }) {
      await connection(deploymentId).call((client) =>
        client.call(aiProvidersRoutes.delete, { params: { aiprovider: providerId } }),
      )
      return null
    },
    find: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(
        (client) => client.call(chatFoundModelsRoutes.find, {}, { signal }),
        absent,
      ),
  }
}

const modelRefusal = refusedAs({ 409: 'name_taken', 412: 'provider_off' })

function modelHandlers(connection: Connect): Pick<Handlers, 'createModel' | 'updateModel' | 'deleteModel'> {
  return {
    createModel: ({ deploymentId, model }) =>
      connection(deploymentId).call(
        (client) => client.call(chatModelsRoutes.create, { body: model }),
        modelRefusal,
      ),
    updateModel: ({ deploymentId, modelConfigId, changes }) =>
      connection(deploymentId).call((client) => updateModel(client, modelConfigId, changes), modelRefusal),
    async deleteModel({ deploymentId, modelConfigId }) {
      await connection(deploymentId).call((client) =>
        client.call(chatModelsRoutes.delete, { params: { modelconfig: modelConfigId } }),
      )
      return null
    },
  }
}

function switchHandlers(connection: Connect): Pick<Handlers, 'switches' | 'setSwitches'> {
  return {
    switches: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call((client) => client.call(chatSwitchesRoutes.get, {}, { signal }), absent),
    setSwitches: ({ deploymentId, switches }) =>
      connection(deploymentId).call(
        (client) => client.call(chatSwitchesRoutes.update, { body: switches }),
        refusedAs({ 404: 'unsupported', 409: 'set_at_start' }),
      ),
  }
}

/** The client that a local deployment asks OpenAI's models with has no tool for desktops. */
const acceptedProviders = (buildInfo: BuildInfoResponse): readonly ComputerUseProvider[] =>
  isLocalDeployment(buildInfo) ? ['anthropic'] : computerUseProviders

function desktopHandlers(connection: Connect): Pick<Handlers, 'computerUse' | 'setComputerUse'> {
  return {
    computerUse: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(
        async (client) => {
          const [{ provider }, buildInfo] = await Promise.all([
            client.call(chatConfigRoutes.computerUseProvider, {}, { signal }),
            client.call(buildInfoRoutes.get, {}, { signal }),
          ])
          return { provider, accepted: [...acceptedProviders(buildInfo)] }
        },
        // 403: the experiment is off.
        refusedAs({ 403: 'unsupported', 404: 'unsupported' }),
      ),
    async setComputerUse({ deploymentId, provider }) {
      await connection(deploymentId).call(
        (client) => client.call(chatConfigRoutes.updateComputerUseProvider, { body: { provider } }),
        refusedAs({ 400: 'refused' }),
      )
      return null
    },
  }
}

function ownKeyHandlers(connection: Connect): Pick<Handlers, 'ownKeys' | 'setOwnKey' | 'deleteOwnKey'> {
  return {
    ownKeys: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(
        (client) => client.call(aiProviderKeysRoutes.list, { params: ME }, { signal }),
        absent,
      ),
    setOwnKey: ({ deploymentId, providerId, key }) =>
      connection(deploymentId).call(
        (client) =>
          client.call(aiProviderKeysRoutes.set, {
            params: { ...ME, provider: providerId },
            body: { api_key: key },
          }),
        refusedAs({ 403: 'not_allowed', 412: 'provider_off' }),
      ),
    async deleteOwnKey({ deploymentId, providerId }) {
      await connection(deploymentId).call((client) =>
        client.call(aiProviderKeysRoutes.delete, { params: { ...ME, provider: providerId } }),
      )
      return null
    },
  }
}
