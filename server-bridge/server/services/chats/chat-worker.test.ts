import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  call,
  openWorkerGround,
  said,
  type TakeStep,
  type WorkerGround,
} from '../../../testing/worker-ground.ts'
import { waitFor } from '../../../testing/wait-for.ts'

let ground: WorkerGround
beforeEach(() => (ground = openWorkerGround()))
afterEach(() => ground.close())

/** Calls this in its first step, and is done in the next. */
const callsOnce = (...calls: ReturnType<typeof call>[]): TakeStep => {
  let steps = 0
  return (chat) =>
    ground.says(chat, ...((steps += 1) === 1 ? calls : [{ type: 'text', text: 'done' } as const]))
}
const forbidWrites = (isForbidden: boolean): void =>
  ground.db.script(`PRAGMA query_only = ${Number(isForbidden)}`)
const aTimerRuns = () => waitFor('a timer runs', () => (ground.clock.pending > 0 ? true : undefined))
const rolesOf = (id: string) => ground.store.messages(id).map(({ role }) => role)

it('a turn goes step by step until the model calls nothing', async () => {
  ground.acts.step = callsOnce(call('a'))
  const id = ground.begin()
  await ground.becomes(id, 'waiting')
  expect(rolesOf(id)).toEqual(['user', 'assistant', 'tool', 'assistant'])
})

describe('while nothing can be written', () => {
  afterEach(() => forbidWrites(false))

  it('a step that fails fails the turn once it can be, and is not taken again', async () => {
    let steps = 0
    ground.acts.step = () => {
      steps += 1
      forbidWrites(true)
      throw new Error('broken')
    }
    const id = ground.begin()
    await aTimerRuns()
    ground.clock.advance(60_000)
    await aTimerRuns()
    forbidWrites(false)
    ground.clock.advance(60_000)
    await ground.becomes(id, 'error')
    expect(steps).toBe(1)
    ground.acts.step = (chat) => ground.says(chat, { type: 'text', text: 'again' })
    ground.store.apply(id, { type: 'send', interrupts: false }, { message: said('go on') })
    await ground.becomes(id, 'waiting')
  })

  it('a stop ends once it can be', async () => {
    ground.acts.step = (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          forbidWrites(true)
          resolve()
        })
      })
    const id = ground.begin()
    // The step is under way.
    await new Promise((resolve) => setImmediate(resolve))
    ground.store.apply(id, { type: 'interrupt' })
    await aTimerRuns()
    forbidWrites(false)
    ground.clock.advance(60_000)
    await ground.becomes(id, 'waiting')
  })

  it('calls that their client has not answered in time are given up once it can be', async () => {
    const tool = { name: 'theirs', description: '', input_schema: {} }
    ground.acts.step = callsOnce(call('a', 'theirs'))
    const id = ground.begin({ dynamic_tools: JSON.stringify([tool]) })
    await ground.becomes(id, 'requires_action')
    await aTimerRuns()
    forbidWrites(true)
    ground.clock.advance(5 * 60_000)
    await aTimerRuns()
    forbidWrites(false)
    ground.clock.advance(60_000)
    await ground.becomes(id, 'waiting')
    expect(rolesOf(id)).toEqual(['user', 'assistant', 'tool', 'assistant'])
  })
})

describe('a chat that waits for its owner', () => {
  const waits = async (): Promise<string> => {
    ground.acts.isUndecided = () => true
    ground.acts.step = callsOnce(call('a'))
    const id = ground.begin()
    await ground.becomes(id, 'requires_action')
    return id
  }

  it('goes on when something else has changed, and nothing is left to decide', async () => {
    const id = await waits()
    ground.acts.isUndecided = () => false
    ground.store.apply(id, { type: 'send', interrupts: false }, { message: said('one more thing') })
    await ground.becomes(id, 'waiting')
    expect(rolesOf(id)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user', 'assistant'])
  })

  it('goes on after a start that asks for less than the last one', async () => {
    const id = await waits()
    await ground.worker.close()
    ground.acts.isUndecided = () => false
    ground.worker.start()
    await ground.becomes(id, 'waiting')
  })

  it('waits on while something is left to decide', async () => {
    const id = await waits()
    ground.store.apply(id, { type: 'send', interrupts: false }, { message: said('one more thing') })
    await new Promise((resolve) => setImmediate(resolve))
    expect(ground.store.find(id)?.status).toBe('requires_action')
  })
})
