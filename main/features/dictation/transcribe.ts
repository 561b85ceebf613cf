/** One recording to one service, and what it answers: the answer is a stranger's, bounded, checked and never trusted. */
import { z } from 'zod'
import { createCallLimit } from '#bridge/client/call-limits'
import { connectionErrorFrom } from '#bridge/client/connection-failure'
import { ConnectionError } from '#bridge/client/errors'
import { chooseProxies } from '#bridge/client/network/choose-proxies'
import { createNetwork, type Network } from '#bridge/client/network/network'
import { contentType, readBody } from '#bridge/client/read-body'
import { defaultNetwork } from '#bridge/contract/deployment-network'
import type { Clock } from '#bridge/lib/clock'
import { createMaskSecrets } from '#bridge/lib/mask-secrets'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { SystemProxy } from '../../ports/system-proxy.ts'
import { readServiceError, readTranscription } from './service-answer.ts'

export interface TranscriptionRequest {
  readonly url: URL
  readonly model: string
  readonly language: string
  readonly key: string | undefined
  readonly wav: Uint8Array<ArrayBuffer>
}

/**
 * What was said, by the service.
 *
 * @throws {ProcedureError} `service_unreachable`, `service_refused`, `service_failed`, `answer_unusable`
 */
export type Transcribe = (request: TranscriptionRequest, signal: AbortSignal) => Promise<string>

/** Silence for so long ends a call: a model on a slow machine takes its time for five minutes of speech. */
const timeoutMs = 180_000
/** Many times what can be said in five minutes. */
const maxAnswerBytes = 1024 * 1024

export function createTranscribe({
  systemProxy,
  clock,
}: {
  readonly systemProxy: SystemProxy
  readonly clock: Clock
}): Transcribe {
  const open = async (url: URL): Promise<Network> => {
    const { caFile, certFile, keyFile, serverName, refreshCommand, headerCommand } = defaultNetwork
    const proxies = [...chooseProxies(defaultNetwork, url.href, await systemProxy.resolve(url.href))]
    return createNetwork(
      {
        ...{ caFile, certFile, keyFile, serverName, refreshCommand, headerCommand },
        ...{ proxies, proxyCredentials: null },
      },
      { url: url.origin, environment: {}, clock },
    )
  }
  return async (request, signal) => {
    const { host } = request.url
    const network = await open(request.url)
    const limit = createCallLimit(clock, timeoutMs, host, signal)
    const mask = createMaskSecrets(request.key === undefined ? [] : [request.key])
    try {
      const { headers, body } = await formOf(request)
      // Node's own `fetch` would follow a redirect, and the key with it; this one reaches this origin only.
      const response = await network.fetch(request.url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: limit.signal,
      })
      const bounds = { maxBytes: maxAnswerBytes, host, onChunk: limit.progress }
      if (isRedirect(response)) {
        await response.body?.cancel()
        throw leadsAway(host)
      }
      const text = await readBody(response, bounds)
      if (!response.ok) throw readServiceError(host, response.status, text, mask)
      return readTranscription(host, contentType(response), text)
    } catch (thrown) {
      throw asFailure(limit.reason() ?? thrown, host, mask)
    } finally {
      limit.dispose()
      network.retire()
    }
  }
}

async function formOf({ model, language, key, wav }: TranscriptionRequest) {
  const form = new FormData()
  form.set('file', new Blob([wav], { type: 'audio/wav' }), 'dictation.wav')
  if (model !== '') form.set('model', model)
  if (language !== '') form.set('language', language)
  form.set('response_format', 'json')
  const encoded = new Response(form)
  return {
    headers: {
      'content-type': encoded.headers.get('content-type') ?? '',
      accept: 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: new Uint8Array(await encoded.arrayBuffer()),
  }
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400
}

function leadsAway(host: string): ProcedureError {
  return new ProcedureError(
    'service_unreachable',
    `${host} redirects to another address, and what you said is not sent after it. Enter the address it leads to.`,
  )
}

function asFailure(thrown: unknown, host: string, mask: (text: string) => string): unknown {
  if (thrown instanceof ProcedureError) return thrown
  // Another shape is a mistake of ours, and belongs into the log.
  if (thrown instanceof z.ZodError || thrown instanceof TypeError) return thrown
  const failure = connectionErrorFrom(thrown, host)
  const { code } = failure
  if (failure instanceof ConnectionError && code === 'not_coder')
    return new ProcedureError('answer_unusable', mask(failure.message))
  return new ProcedureError(code === 'aborted' ? 'cancelled' : 'service_unreachable', mask(failure.message))
}
