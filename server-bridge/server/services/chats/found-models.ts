import { get } from 'node:http'
import { z } from 'zod'
import type { FoundModelServer, LocalModelServer } from '../../../contract/chats-found-models.ts'
import type { AiProviders } from './ai-providers.ts'

export interface FoundModels {
  /** Looks for servers of models on this machine. Never rejects: what does not answer is not there. */
  find(): Promise<FoundModelServer[]>
}

export type LocalModelPorts = Readonly<Record<LocalModelServer, number>>

/** Where each of them listens unless somebody said otherwise. */
export const DEFAULT_MODEL_PORTS: LocalModelPorts = { ollama: 11_434, vllm: 8000, 'lm-studio': 1234 }

/** A name would be looked up, and could lead off this machine. */
const LOOPBACK = '127.0.0.1'
/**
 * A closed port refuses at once, so only a program that listens and is silent is waited for; one that answers questions
 * of another meanwhile may take its time.
 */
const TIMEOUT_MS = 2000
const MAX_ANSWER_BYTES = 1024 * 1024
const MAX_MODELS = 200
const MAX_NAME_CHARS = 200

const versionSchema = z.object({ version: z.string().max(MAX_NAME_CHARS) })
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string().min(1).max(MAX_NAME_CHARS) })) })

export function createFoundModels({
  ports = DEFAULT_MODEL_PORTS,
  timeoutMs = TIMEOUT_MS,
  providers,
}: {
  readonly ports?: LocalModelPorts
  readonly timeoutMs?: number
  readonly providers: Pick<AiProviders, 'rows'>
}): FoundModels {
  const look = async (kind: LocalModelServer, port: number): Promise<FoundModelServer[]> => {
    // Only Ollama tells its version; it is what tells it from another server on its port.
    const [version, models] = await Promise.all([
      kind === 'ollama' ? readJson({ port, path: '/api/version', timeoutMs }, versionSchema) : undefined,
      readJson({ port, path: '/v1/models', timeoutMs }, modelsSchema),
    ])
    if (!models || (kind === 'ollama' && !version)) return []
    const base_url = `http://${LOOPBACK}:${port}/v1`
    const provider = providers.rows().find((row) => isSamePlace(row.base_url, port))
    return [
      {
        kind,
        base_url,
        ...(version ? { version: version.version } : {}),
        models: [...new Set(models.data.map(({ id }) => id))].slice(0, MAX_MODELS),
        ...(provider ? { provider: provider.name } : {}),
      },
    ]
  }
  return {
    async find() {
      const kinds = Object.entries(ports) as [LocalModelServer, number][]
      return (await Promise.all(kinds.map(([kind, port]) => look(kind, port)))).flat()
    },
  }
}

const LOOPBACK_NAMES = new Set([LOOPBACK, 'localhost', '[::1]'])

function isSamePlace(address: string, port: number): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return LOOPBACK_NAMES.has(url.hostname) && url.port === String(port)
}

/** `undefined` for whatever is not that: another program may listen there. Redirects are not followed. */
function readJson<T extends z.ZodType>(
  { timeoutMs, ...place }: { readonly port: number; readonly path: string; readonly timeoutMs: number },
  schema: T,
): Promise<z.output<T> | undefined> {
  return new Promise((resolve) => {
    const nothing = (): void => resolve(undefined)
    const options = { host: LOOPBACK, ...place, agent: false, signal: AbortSignal.timeout(timeoutMs) }
    const request = get(options, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('error', nothing)
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MAX_ANSWER_BYTES) response.destroy()
        else chunks.push(chunk)
      })
      response.on('close', nothing)
      response.on('end', () => {
        const isThere = response.statusCode === 200
        resolve(isThere ? parseJson(Buffer.concat(chunks).toString('utf8'), schema) : undefined)
      })
    })
    request.on('error', nothing)
  })
}

function parseJson<T extends z.ZodType>(text: string, schema: T): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
