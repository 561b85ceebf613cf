/**
 * What the loop of a chat takes between two steps of its model. The model is a program of ours that answers at once, so
 * that the time from the end of its answer to its next question is the loop's: the tool, the rows, the request. Beside
 * it a client that only reads such answers and sends as many bytes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { allowAllTools, configureModel, createChat } from '#bridge/testing/chat-fixture'
import { formatAnthropic } from '#bridge/testing/scripted-model-formats'
import { startBenchDeployment } from './bench-deployment.ts'
import { measurement, type Benchmark, type Measurement } from './benchmark.ts'
import { median } from './statistics.ts'

/** A turn ends at 1,200 (agents-api 12.1); each step is two messages. */
const steps = 1_150
/** Which gaps between steps count, by the messages that are there already. */
const windows: Readonly<Record<string, { readonly from: number; readonly to: number }>> = {
  '10 messages': { from: 5, to: 55 },
  '2,000 messages': { from: 1_000, to: 1_140 },
}
const referenceRounds = 40

export const chatSteps: Benchmark = {
  name: 'chats',
  about: 'what a chat takes between two steps of its model, with 10 and 2,000 messages before them',
  run: async (log) => {
    const model = await startInstantModel()
    const deployment = await startBenchDeployment()
    try {
      await allowAllTools(deployment.client)
      await configureModel(deployment.client, model)
      await createChat(deployment.client, 'Look who is there, again and again.')
      await model.ended
      const results: Measurement[] = []
      for (const [name, { from, to }] of Object.entries(windows)) {
        const ours = median(model.gaps.slice(from, to))
        const body = model.bodies[from] ?? ''
        const reference = await measureReference(body)
        log(
          `${name}: ${ours.toFixed(2)} ms between steps, ${reference.toFixed(2)} ms without us, ${String(body.length)} bytes asked`,
        )
        results.push(
          measurement({
            name: `step of a chat after ${name}, p50`,
            value: ours - reference,
            unit: 'ms',
            limit: { of: 'value', atMost: 5 },
          }),
        )
      }
      return results
    } finally {
      await deployment.stop()
      await model.close()
    }
  },
}

interface InstantModel {
  readonly url: string
  /** Each from the end of an answer to the whole of the next question. */
  readonly gaps: readonly number[]
  readonly bodies: readonly string[]
  /** The model has no more to call. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

const call = { calls: [{ name: 'list_agents', args: {} }] }

/** Calls the same tool in each of its answers but the last. */
async function startInstantModel(last = steps): Promise<InstantModel> {
  const gaps: number[] = []
  const bodies: string[] = []
  let answeredAt: number | undefined
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => (end = resolve))
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      if (!body.includes('"stream":true')) {
        // Titles are asked for beside the turn.
        response.writeHead(400).end()
        return
      }
      if (answeredAt !== undefined) gaps.push(performance.now() - answeredAt)
      bodies.push(body)
      answer(response, bodies.length, bodies.length < last)
      answeredAt = performance.now()
      if (bodies.length >= last) response.once('close', end)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
    gaps,
    bodies,
    ended,
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

function answer(response: ServerResponse, number: number, calls: boolean): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.end(formatAnthropic(calls ? call : { text: 'Nobody.' }, number).join(''))
}

/** The same between two questions of a client that does nothing else. */
async function measureReference(body: string): Promise<number> {
  const model = await startInstantModel(referenceRounds)
  try {
    for (let round = 0; round < referenceRounds; round += 1) {
      const response = await fetch(`${model.url}/messages`, { method: 'POST', body })
      await response.text()
    }
    return median(model.gaps.slice(5))
  } finally {
    await model.close()
  }
}
