/**
 * What the loop of a chat takes between two steps of its model. The model is a program of ours that answers at once, so
 * that the time from the end of its answer to its next question is the loop's: the tool, the rows, the request. Beside
 * it the provider's client, which asks the same with no chat around it, and requests that only carry as many bytes.
 */
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { allowAllTools, configureModel, createChat, getChat } from '#bridge/testing/chat-fixture'
import { formatAnthropic } from '#bridge/testing/scripted-model-formats'
import { inBenchFolder } from './bench-deployment.ts'
import { measurement, type Benchmark, type Measurement } from './benchmark.ts'
import { runToLine, withShippedServer } from './seeded-server.ts'
import { median } from './statistics.ts'
import { cpuSeconds } from './usage.ts'

/** What the model calls in each of its answers: few at a time, then many for a long history, then few again. */
const calls = [...times(60, 1), ...times(10, 195), ...times(60, 1)]
/**
 * The server compiles what runs often: below some hundred steps it is mostly that which is measured. It lives for days, so
 * a chat before the measured one does that; its first steps are a row of their own.
 */
const warmCalls = times(300, 1)
/** Which steps count, by the messages that are there before them. */
const windows: Readonly<Record<string, { readonly from: number; readonly to: number }>> = {
  '10 messages': { from: 5, to: 55 },
  '2,000 messages': { from: 75, to: 125 },
}
const referenceRounds = 45
const turnMs = 300_000
const pollMs = 1000
const clientFile = fileURLToPath(new URL('provider-client.ts', import.meta.url))
const noCpu = (): Promise<number> => Promise.resolve(0)

export const chatSteps: Benchmark = {
  name: 'chats',
  about: 'what a chat takes between two steps of its model, with 10 and 2,000 messages before them',
  run: async (log) =>
    withShippedServer({ workspaces: 1, withHistory: false }, async (server) => {
      const client = createCoderClient({ baseUrl: server.url, token: server.token })
      await allowAllTools(client)
      const cpu = async (): Promise<number> => cpuSeconds([server.pid])
      const cold = await questionsOf(client, warmCalls, cpu)
      const questions = await questionsOf(client, calls, cpu)
      const results = [await judgedFirst(cold.slice(5, 55))]
      for (const [name, window] of Object.entries(windows))
        results.push(...(await judged(name, questions.slice(window.from, window.to), log)))
      return results
    }),
}

/** What the model of a new chat is asked until its turn ends. */
async function questionsOf(
  client: CoderClient,
  script: readonly number[],
  cpu: () => Promise<number>,
): Promise<readonly Question[]> {
  const model = await startInstantModel(script, cpu)
  try {
    const config = await configureModel(client, model, { config: { context_limit: 10_000_000 } })
    const chat = await createChat(client, 'Look who is there, again and again.', {
      model_config_id: config.id,
    })
    const deadline = performance.now() + turnMs
    // Seldom: each question takes of the time that is measured.
    while ((await getChat(client, chat.id)).status === 'running') {
      if (performance.now() > deadline) throw new Error('The turn did not end.')
      await delay(pollMs)
    }
    return model.questions
  } finally {
    await model.close()
  }
}

async function judgedFirst(questions: readonly Question[]): Promise<Measurement> {
  const reference = await measureClient(questions[0]?.body ?? '')
  return measurement({
    name: 'step of a chat, the first 50 of a server, p50',
    value: median(questions.map(({ gapMs }) => gapMs)) - reference,
    unit: 'ms',
  })
}

async function judged(
  name: string,
  questions: readonly Question[],
  log: (line: string) => void,
): Promise<Measurement[]> {
  const [first] = questions
  const last = questions.at(-1)
  if (!first || !last) throw new Error('The turn ended before its time.')
  const ours = median(questions.map(({ gapMs }) => gapMs))
  const [client, bare] = [await measureClient(first.body), await measureBare(first.body)]
  const cpuMs = ((last.cpuSeconds - first.cpuSeconds) * 1000) / (questions.length - 1)
  log(
    `${name}: ${ours.toFixed(2)} ms between steps, ${client.toFixed(2)} ms of the provider's client alone, ${bare.toFixed(2)} ms of bare requests, ${String(first.body.length)} bytes asked`,
  )
  return [
    measurement({
      name: `step of a chat after ${name}, p50`,
      value: ours - client,
      unit: 'ms',
      limit: { of: 'value', atMost: 5 },
    }),
    measurement({
      name: `step of a chat after ${name}, besides bare requests, p50`,
      value: ours - bare,
      unit: 'ms',
    }),
    measurement({ name: `step of a chat after ${name}, processor time`, value: cpuMs, unit: 'ms' }),
  ]
}

interface Question {
  /** From the end of the answer before to the whole of this one. */
  readonly gapMs: number
  readonly body: string
  /** Of whoever asks, so far. */
  readonly cpuSeconds: number
}

interface InstantModel {
  readonly url: string
  readonly questions: readonly Question[]
  close(): Promise<void>
}

/** Calls the same tool in each of its answers, as often as `script` says, and then says a word. */
async function startInstantModel(
  script: readonly number[],
  cpu: () => Promise<number>,
): Promise<InstantModel> {
  const questions: Question[] = []
  let answeredAt = performance.now()
  const ask = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    const gapMs = performance.now() - answeredAt
    if (!body.includes('"stream":true')) {
      // A title is asked for beside the turn.
      response.writeHead(400).end()
      return
    }
    questions.push({ gapMs, body, cpuSeconds: await cpu() })
    const name = 'list_agents'
    const wanted = times(script[questions.length - 1] ?? 0, 0).map(() => ({ name, args: {} }))
    const said = wanted.length > 0 ? { calls: wanted } : { text: 'Nobody.' }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(formatAnthropic(said, questions.length).join(''))
    answeredAt = performance.now()
  }
  const server = createServer((request, response) => {
    void ask(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
    questions,
    close: async () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** The same between two questions of the provider's client in a program that does nothing else, warm. */
async function measureClient(body: string): Promise<number> {
  return inBenchFolder(async (folder) => {
    const file = `${folder}/question.json`
    await writeFile(file, body)
    const rounds = warmCalls.length + referenceRounds
    const model = await startInstantModel(times(rounds, 1), noCpu)
    try {
      await runToLine(clientFile, [model.url, file, String(rounds)])
      const last = model.questions.slice(warmCalls.length)
      requireLike(last.at(-1)?.body ?? '', body)
      return median(last.map(({ gapMs }) => gapMs))
    } finally {
      await model.close()
    }
  })
}

/** It says less here and there (marks for what is to be kept), but no less of the conversation. */
function requireLike(asked: string, body: string): void {
  if (Math.abs(asked.length / body.length - 1) > 0.1)
    throw new Error(
      `The client asks ${String(asked.length)} bytes where the chat asks ${String(body.length)}.`,
    )
}

/** The same between two requests that only carry as many bytes, and bring such an answer. */
async function measureBare(body: string): Promise<number> {
  const model = await startInstantModel(times(referenceRounds, 1), noCpu)
  try {
    for (let round = 0; round < referenceRounds; round += 1) {
      const response = await fetch(`${model.url}/messages`, { method: 'POST', body })
      await response.text()
    }
    return median(model.questions.slice(5).map(({ gapMs }) => gapMs))
  } finally {
    await model.close()
  }
}

function times(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value)
}
