import { useState } from 'react'
import type { AIProvider } from '#bridge/contract/ai-providers'
import type { FoundModelServer } from '#bridge/contract/chats-found-models'
import { freeName } from './provider-draft.ts'
import { type ModelsList, useModelChanges } from './use-ai-models.ts'

const labels: Readonly<Record<string, string>> = { ollama: 'Ollama', vllm: 'vLLM', 'lm-studio': 'LM Studio' }

/** What people call a server that was found. */
export function serverLabel({ kind }: FoundModelServer): string {
  return labels[kind] ?? kind
}

/**
 * What a local model is taken to have: none of these servers says it in its list, and all of them can be changed. Ollama
 * itself starts with less unless told otherwise.
 */
export const assumedContext = 32_768
/** They run on one's own computer. Said, so that they are not taken for models whose price is not known. */
const free = { input_price_per_million_tokens: '0', output_price_per_million_tokens: '0' }

/** Adds a server that was found, and models of it. What is done stays done when a later part fails. */
export function useAddFound(deploymentId: string, list: ModelsList) {
  const { createProvider, createModel } = useModelChanges(deploymentId)
  const [isAdding, setIsAdding] = useState(false)
  const [error, setError] = useState<Error>()
  const send = async (
    server: FoundModelServer,
    present: AIProvider | undefined,
    models: readonly string[],
  ): Promise<void> => {
    const taken = list.providers.map(({ name }) => name)
    const provider =
      present ??
      (await createProvider.mutateAsync({
        deploymentId,
        provider: {
          type: 'openai-compat',
          name: freeName(server.kind, taken),
          display_name: serverLabel(server),
          enabled: true,
          base_url: server.base_url,
        },
      }))
    for (const model of models) {
      await createModel.mutateAsync({
        deploymentId,
        model: {
          ai_provider_id: provider.id,
          model,
          context_limit: assumedContext,
          enabled: true,
          model_config: { cost: free },
        },
      })
    }
  }
  return {
    isAdding,
    error,
    /** Whether all of it is added. */
    async add(
      server: FoundModelServer,
      present: AIProvider | undefined,
      models: readonly string[],
    ): Promise<boolean> {
      setIsAdding(true)
      setError(undefined)
      const thrown = await send(server, present, models).then(() => undefined, toError)
      setIsAdding(false)
      setError(thrown)
      return thrown === undefined
    },
  }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
