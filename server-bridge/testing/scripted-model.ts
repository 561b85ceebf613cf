/** A model behind real HTTP that says what a test has written for it, in the wire formats of its providers. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { wholeAnthropic, wholeChatCompletion, wholeResponse } from './scripted-model-answers.ts'
import {
  formatAnthropic,
  formatChatCompletions,
  formatResponses,
  type ScriptedAnswer,
} from './scripted-model-formats.ts'

export interface ScriptedRefusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}
export type ScriptedStep = ScriptedAnswer | ScriptedRefusal

export interface ModelRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

export interface ScriptedModel {
  readonly url: string
  /** Those of turns. */
  readonly requests: readonly ModelRequest[]
  /** Those whose answer comes in one piece: for titles and the like, at moments that no test knows. */
  readonly asides: readonly ModelRequest[]
  /** Those whose answer is not over. */
  readonly underWay: () => readonly ModelRequest[]
  /** What comes next to these; without, they are refused. */
  scriptAsides(...steps: ScriptedStep[]): void
  /** What comes next, one step for each request. */
  script(...steps: ScriptedStep[]): void
  /** Comes before what is scripted, for chats that ask side by side: the first that answers the request. */
  answer(request: (request: ModelRequest) => ScriptedStep | undefined): void
  /** Steps that nobody has asked for. */
  readonly left: () => number
  close(): Promise<void>
}

const FORMATS: readonly (readonly [RegExp, (answer: ScriptedAnswer, number: number) => string[]])[] = [
  [/\/messages$/, formatAnthropic],
  [/\/chat\/completions$/, formatChatCompletions],
  [/\/responses$/, formatResponses],
]

const WHOLE_FORMATS: readonly (readonly [RegExp, (answer: ScriptedAnswer) => object])[] = [
  [/\/messages$/, wholeAnthropic],
  [/\/chat\/completions$/, wholeChatCompletion],
  [/\/responses$/, wholeResponse],
]

export async function startScriptedModel(): Promise<ScriptedModel> {
  const steps: ScriptedStep[] = []
  const requests: ModelRequest[] = []
  let answers: readonly ((request: ModelRequest) => ScriptedStep | undefined)[] = []
  const asideSteps: ScriptedStep[] = []
  const asides: ModelRequest[] = []
  const underWay = new Set<ModelRequest>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
      const asked = { path, headers: request.headers, body }
      const isAside = body['stream'] !== true
      ;(isAside ? asides : requests).push(asked)
      underWay.add(asked)
      response.once('close', () => underWay.delete(asked))
      const step = isAside
        ? asideSteps.shift()
        : (answers.map((answer) => answer(asked)).find((one) => one !== undefined) ?? steps.shift())
      if (step === undefined || 'status' in step) {
        refuse(
          response,
          step ?? { status: 418, body: { error: { message: 'The test has written no answer.' } } },
        )
        return
      }
      if (isAside) {
        void answerWhole(response, path, step)
        return
      }
      const format = FORMATS.find(([pattern]) => pattern.test(path))?.[1]
      if (format) void stream(response, step, format(step, requests.length))
      else refuse(response, { status: 404 })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    asides,
    underWay: () => [...underWay],
    scriptAsides: (...more) => void asideSteps.push(...more),
    script: (...more) => void steps.push(...more),
    answer: (next) => void (answers = [...answers, next]),
    left: () => steps.length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function refuse(response: ServerResponse, { status, headers = {}, body = {} }: ScriptedRefusal): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

async function answerWhole(response: ServerResponse, path: string, step: ScriptedAnswer): Promise<void> {
  await step.hold
  const format = WHOLE_FORMATS.find(([pattern]) => pattern.test(path))?.[1]
  if (format) refuse(response, { status: 200, body: format(step) })
  else refuse(response, { status: 404 })
}

/** The last event is what tells that the model is done. */
async function stream(
  response: ServerResponse,
  step: ScriptedAnswer,
  events: readonly string[],
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const isBroken = step.ends !== undefined || step.streamError !== undefined
  const sent = isBroken ? events.slice(0, Math.ceil(events.length / 2)) : events
  const first = step.hold ? Math.ceil(sent.length / 2) : sent.length
  for (const event of sent.slice(0, first)) response.write(event)
  await step.hold
  for (const event of sent.slice(first)) response.write(event)
  if (step.streamError)
    response.write(`event: error\ndata: ${JSON.stringify({ type: 'error', error: step.streamError })}\n\n`)
  if (step.ends !== 'cut') {
    response.end()
    return
  }
  // What was written has to leave before the connection breaks.
  await new Promise((resolve) => response.write('\n', resolve))
  setImmediate(() => response.destroy())
}
