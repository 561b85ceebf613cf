import { z } from 'zod'
import type { CoderClient } from '#bridge/client/coder-client'
import {
  chatModelCallConfigSchema,
  chatModelCostSchema,
  chatModelProviderOptionsSchema,
  chatModelsRoutes,
  type ChatModelConfig,
  updateChatModelConfigRequestSchema,
  type UpdateChatModelConfigRequest,
} from '#bridge/contract/chats-models'
import { defineRoute } from '#bridge/contract/route'
import { list, uuid } from '#bridge/contract/shape'

const settings = z.record(z.string(), z.unknown())
type Settings = z.output<typeof settings>

/** As the deployment has them, also what we do not know. */
const wholeModels = defineRoute({
  ...chatModelsRoutes.list,
  answer: list(z.object({ id: uuid, model_config: settings.nullish() })),
})
const wholeUpdate = defineRoute({
  ...chatModelsRoutes.update,
  body: updateChatModelConfigRequestSchema.extend({ model_config: settings.optional() }),
})

/**
 * Changes a model. Its settings are replaced as a whole, so those of a newer server, which no form shows and no window is
 * told of, are sent back as they are.
 */
export async function updateModel(
  client: Pick<CoderClient, 'call'>,
  modelConfigId: string,
  changes: UpdateChatModelConfigRequest,
): Promise<ChatModelConfig> {
  const params = { modelconfig: modelConfigId }
  const { model_config: wished, ...others } = changes
  if (wished === undefined) return client.call(chatModelsRoutes.update, { params, body: others })
  const models = await client.call(wholeModels, {})
  const before = models.find(({ id }) => id === modelConfigId)?.model_config ?? {}
  const body = { ...others, model_config: withUnknown(wished, before) }
  return client.call(wholeUpdate, { params, body })
}

function withUnknown(wished: Settings, before: Settings): Settings {
  const cost = merged(chatModelCostSchema, wished['cost'], before['cost'])
  const options = merged(
    chatModelProviderOptionsSchema,
    wished['provider_options'],
    before['provider_options'],
  )
  return {
    ...unknownOf(chatModelCallConfigSchema, before),
    ...wished,
    ...(cost === undefined ? {} : { cost }),
    ...(options === undefined ? {} : { provider_options: options }),
  }
}

function merged(schema: z.ZodObject, wished: unknown, before: unknown): Settings | undefined {
  const all = { ...unknownOf(schema, before), ...settings.safeParse(wished).data }
  return Object.keys(all).length === 0 ? undefined : all
}

function unknownOf({ shape }: z.ZodObject, before: unknown): Settings {
  const told = settings.safeParse(before).data ?? {}
  return Object.fromEntries(Object.entries(told).filter(([name]) => !Object.hasOwn(shape, name)))
}
