/**
 * Chats that are read in two windows, while networks fail, windows are loaded again and the server is killed in the
 * middle of turns. What was said is what is said when nothing of that happens, and both windows show it.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '../../client/coder-client.ts'
import { usersRoutes } from '../../contract/users.ts'
import { allowAllTools, configureModel, createChat } from '../chat-fixture.ts'
import { type FaultProxy, networkFaults, startFaultProxy } from '../fault-proxy.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { startStandalone, type StandaloneServer } from '../standalone-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, getWorkspace } from '../workspace-actions.ts'
import { createPerson, type ChatPerson } from './chat-person.ts'
import { answerSteps, askedFor, createTurns, type Prompt, type Turn, wordsOf } from './chat-script.ts'
import { expectSame, normalForm, readChat } from './chat-transcript.ts'
import { type ChatWindow, openWindow } from './chat-window.ts'
import { markedProcesses } from './marked-processes.ts'
import { describeStuckChat } from './stuck-chat.ts'

const FULL = process.env['SOAK'] === 'full'
const DISTURBANCES = Number(process.env['SOAK_COUNT'] ?? (FULL ? 1_000 : 20))
const PER_ROUND = FULL ? 50 : 20
const CHATS = FULL ? 6 : 3
const SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? Date.now() % 1_000_000 : 20_263))
/** One of so many disturbances is a kill, whose start takes longer than all others together. */
const KILL_EVERY = FULL ? 16 : 10
const MAX_QUIET_MS = 700
const MAX_FAULT_MS = 300
/** How long the model waits in the middle of an answer, so that something can happen there. */
const MAX_HOLD_MS = 300
const ROUND_TIMEOUT_MS = 180_000
const SETTLE_MS = 40_000

const random = createSeededRandom(SEED)
const folder = mkdtempSync(join(tmpdir(), 'outpost-chats-'))
const tmpDir = join(folder, 'tmp')
const dataDir = join(folder, 'data')
const logFile = join(folder, 'server.log')
/** Below the range that systems give out by themselves, so that nobody takes it while the server is down. */
const port = 20_000 + (process.pid % 10_000)
const counts = new Map<string, number>()
let server: StandaloneServer
/** Between both windows and the server. */
let network: FaultProxy
let model: ScriptedModel
let windows: ChatWindow[] = []
let holdMs = 0
/** Ends what the model holds for ever. */
let endHolds = (): void => undefined
const holdsEnd = new Promise<void>((resolve) => (endHolds = resolve))
const heldNow = new Set<string>()

async function startServer(): Promise<void> {
  const flags = ['--data-dir', dataDir, '--port', String(port), '--access-url', network.url]
  const logs = ['--log-json', logFile, '--verbose']
  server = await startStandalone([...flags, ...logs, '--dangerous-disable-rate-limits'], { TMPDIR: tmpDir })
}

afterEach(async () => {
  endHolds()
  await Promise.all(windows.map((window) => window.close()))
  await network.close()
  await model.close()
  server.process.kill('SIGKILL')
  for (const { pid } of await markedProcesses(tmpDir, 0)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function startModel(): Promise<void> {
  // What is asked when is not for the seed to say, so nothing else depends on how often it is.
  const holds = random.fork()
  model = await startScriptedModel()
  model.answer((request) => {
    const { prompt, step } = askedFor(request)
    const answer = answerSteps(SEED, prompt)[step]
    if (answer === undefined) throw new Error(`${wordsOf(prompt)} has no step ${step}.`)
    if (prompt.isHeld) heldNow.add(wordsOf(prompt))
    return { ...answer, hold: prompt.isHeld ? holdsEnd : pause(holds.below(holdMs + 1)) }
  })
}

interface Ground {
  readonly client: CoderClient
  readonly token: string
  readonly workspaceId: string
}

async function prepare(): Promise<Ground> {
  const baseUrl = `http://127.0.0.1:${port}`
  const account = { email: 'ada@example.com', password: 'correct horse Battery 9 staple' }
  const anybody = createCoderClient({ baseUrl })
  await anybody.call(usersRoutes.createFirst, { body: { ...account, username: 'ada' } })
  const { session_token: token } = await anybody.call(usersRoutes.login, { body: account })
  const client = createCoderClient({ baseUrl, token, retries: 0 })
  await configureModel(client, model)
  await allowAllTools(client)
  const { workspace } = await createRunningWorkspace(client, await createTemplate(client, 'ground'), 'work')
  return { client, token, workspaceId: workspace.id }
}

/** Chats whose first prompt was answered already. */
async function openChats({ client, workspaceId }: Ground, chats: readonly number[]): Promise<ChatPerson[]> {
  return Promise.all(
    chats.map(async (chat) => {
      const first: Prompt = { chat, number: 0, isHeld: false }
      const { id } = await createChat(client, wordsOf(first), { workspace_id: workspaceId })
      return createPerson({
        client,
        chatId: id,
        isHeldAt: (prompt) => heldNow.has(wordsOf(prompt)),
        describe: () => describeStuckChat({ dataDir, logFile, model }, { id, number: chat }),
        onSlow: (description) => FULL && process.stdout.write(`Slow: ${description}\n`),
      })
    }),
  )
}

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

function agentIsThere({ client, workspaceId }: Ground): Promise<true> {
  const look = async (): Promise<true | undefined> => {
    const { latest_build: build } = await getWorkspace(client, workspaceId)
    const agents = build.resources.flatMap((resource) => resource.agents ?? [])
    return agents[0]?.status === 'connected' ? true : undefined
  }
  return waitFor('the agent is connected', look, SETTLE_MS)
}

async function disturb(ground: Ground, at: number, chatIds: readonly string[]): Promise<void> {
  if (at % KILL_EVERY === KILL_EVERY - 1) {
    count('kills')
    // Agents start with the server. If each kill came before they have, no tool would ever run.
    if (random.below(2) === 0) await agentIsThere(ground)
    server.process.kill('SIGKILL')
    await server.exited
    await startServer()
    return
  }
  const window = random.pick(windows)
  switch (random.below(5)) {
    case 0:
    case 1:
      count('reloads')
      window.reload(random.pick(chatIds))
      break
    case 2:
      count('changes of the network')
      window.changeNetwork()
      break
    default:
      count('network faults')
      network.begin(random.pick(networkFaults))
      await pause(random.below(MAX_FAULT_MS))
      network.heal()
  }
}

/** The same turns, and nothing happens. */
async function undisturbed(ground: Ground, chats: readonly number[], turns: readonly Turn[][]) {
  holdMs = 0
  heldNow.clear()
  const persons = await openChats(ground, chats)
  await Promise.all(
    persons.map(async (person, at) => {
      for (const turn of turns[at] ?? []) await person.take(turn)
    }),
  )
  return Promise.all(
    persons.map(async ({ chatId }) => normalForm((await readChat(ground.client, chatId)).messages)),
  )
}

async function playRound(ground: Ground, number: number): Promise<number> {
  const chats = Array.from({ length: CHATS }, (_, at) => number * CHATS + at)
  holdMs = MAX_HOLD_MS
  heldNow.clear()
  const persons = await openChats(ground, chats)
  for (const window of windows) for (const { chatId } of persons) window.open(chatId)
  const round = { isOver: false }
  const turns: Turn[][] = chats.map(() => [])
  const work = Promise.all(
    persons.map(async (person, at) => {
      const next = createTurns(chats[at] ?? 0, random.fork())
      while (!round.isOver) {
        const turn = next()
        turns[at]?.push(turn)
        await person.take(turn)
      }
    }),
  ).finally(() => (round.isOver = true))
  const disturbances = (async () => {
    for (let at = 0; at < PER_ROUND && !round.isOver; at += 1) {
      await pause(random.below(MAX_QUIET_MS))
      const chatIds = persons.map(({ chatId }) => chatId)
      await disturb(ground, number * PER_ROUND + at, chatIds)
    }
  })().finally(() => (round.isOver = true))
  // Also when one of them fails: a server that is about to start has to be known, so that it can be ended.
  // That comes first: without a server nobody gets anywhere.
  const ends = await Promise.allSettled([disturbances, work])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  const found = await Promise.all(persons.map(({ chatId }) => showsAll(ground.client, chatId)))
  await Promise.all(windows.map((window) => window.leave()))
  const wanted = await undisturbed(ground, chats, turns)
  for (const [at, lines] of found.entries()) expectSame(`Chat ${chats[at]}`, lines, wanted[at] ?? [])
  return found.reduce((sum, { length }) => sum + length, 0)
}

/** Waits until every window shows the chat as it is. */
async function showsAll(client: CoderClient, chatId: string): Promise<readonly string[]> {
  const { messages, queue } = await readChat(client, chatId)
  expect(queue).toEqual([])
  for (const [at, window] of windows.entries()) {
    let last: unknown
    await waitFor(
      `window ${at} shows the chat`,
      async () => {
        const { preview, queue: waiting, status, ...shown } = await window.shows(chatId)
        last = { preview, waiting, status, count: shown.messages.length, of: messages.length }
        const isAtRest = preview.length === 0 && waiting.length === 0 && status === 'waiting'
        return isAtRest && isDeepStrictEqual(shown.messages, messages) ? true : undefined
      },
      SETTLE_MS,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)} ${JSON.stringify(last)} ${window.failures.at(-1) ?? ''}`, {
        cause: error,
      })
    })
    expect(window.violations).toEqual([])
  }
  return normalForm(messages)
}

it.runIf(process.platform === 'linux')(
  `what is said in chats survives ${DISTURBANCES} disturbances (seed ${SEED})`,
  async () => {
    mkdirSync(tmpDir, { recursive: true })
    await startModel()
    network = await startFaultProxy(port)
    await startServer()
    const ground = await prepare()
    windows = [openWindow(network.url, ground.token), openWindow(network.url, ground.token)]
    let messages = 0
    for (let number = 0; number < DISTURBANCES / PER_ROUND; number += 1) {
      try {
        messages += await playRound(ground, number)
        report(number, messages)
      } catch (error) {
        throw new Error(`Round ${number} of seed ${SEED}: ${String(error)}\n${server.complaints()}`, {
          cause: error,
        })
      }
    }
  },
  (DISTURBANCES / PER_ROUND) * ROUND_TIMEOUT_MS,
)

/** After each round, since all of them take long. */
function report(number: number, messages: number): void {
  if (!FULL) return
  const kinds = [...counts].map(([what, times]) => `${times} ${what}`).join(', ')
  const minutes = (performance.now() / 60_000).toFixed(1)
  process.stdout.write(
    `${number + 1} rounds, ${minutes} min: ${kinds}; ${messages} messages, ${model.requests.length} calls to the model\n`,
  )
}
