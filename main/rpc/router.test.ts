import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contract, type Contract } from '#ipc/contract'
import { requestMaxBytes, type MainToRenderer } from '#ipc/envelope'
import type { ProcedureDefinition } from '#ipc/procedure'
import { ProcedureError } from '../lib/procedure-error.ts'
import { createInMemoryPage } from '../testing/in-memory-page.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingLogger } from '../testing/recording-logger.ts'
import { sampleInput } from '../testing/sample-input.ts'
import type { CallContext, ContractHandlers } from './procedure-handlers.ts'
import { createRouter } from './router.ts'

const SECRET = 'Abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'
const PATH = '/home/someone/secret-folder'

const procedures = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries(entries).map(([name, definition]): [string, ProcedureDefinition] => [
    `${feature}.${name}`,
    definition,
  ]),
)

/** Routes every procedure of the real contract to one function. */
function openAll(
  run: (name: string, input: unknown, call: CallContext) => unknown,
  limits = { burst: 1000, perSecond: 10, open: 50 },
) {
  const handlers = Object.fromEntries(
    Object.entries(contract).map(([feature, entries]) => [
      feature,
      Object.fromEntries(
        Object.entries(entries).map(([name, definition]: [string, ProcedureDefinition]) => [
          name,
          definition.kind === 'subscription'
            ? async function* (input: unknown, call: CallContext) {
                yield await run(`${feature}.${name}`, input, call)
              }
            : async (input: unknown, call: CallContext) => run(`${feature}.${name}`, input, call),
        ]),
      ),
    ]),
  ) as unknown as ContractHandlers<Contract>
  const logger = createRecordingLogger()
  const clock = createManualClock()
  const router = createRouter({ contract, handlers, logger, clock, checkOutputs: false, limits })
  const page = createInMemoryPage()
  router.attach(page.transport)
  return { page, logger, clock, router }
}

async function answerTo(
  page: ReturnType<typeof createInMemoryPage>,
  message: unknown,
  bytes?: number,
): Promise<MainToRenderer> {
  page.sendRaw(message, bytes)
  return page.answer((message as { id: number }).id)
}

describe.each(procedures)('%s', (name, definition) => {
  const input = sampleInput(definition.input) as Record<string, unknown>

  it('reaches its handler with a valid input', async () => {
    const seen: unknown[] = []
    const { page } = openAll((_, given) => void seen.push(given))
    const answer = await answerTo(page, { type: 'call', id: 1, procedure: name, input })
    expect(answer.type).not.toBe('error')
    expect(seen).toEqual([definition.input.parse(input)])
  })

  it.each<[string, unknown]>([
    ['an extra key', { ...input, extra: 1 }],
    [
      'a prototype key',
      JSON.parse(`{"__proto__":{"admin":true},${JSON.stringify(input).slice(1).replace(/^}/, '"x":1}')}`),
    ],
    ['a constructor key', { ...input, constructor: { prototype: {} } }],
    ['nothing', undefined],
    ['null', null],
    ['text', 'text'],
    ['a list', [input]],
    ['an exotic object', new Map([['a', 1]])],
    ['endless depth', nested(40)],
    ...Object.keys(input).map((key): [string, unknown] => [
      `a wrong ${key}`,
      { ...input, [key]: { wrong: [] } },
    ]),
  ])('refuses %s before its handler runs', async (_, bad) => {
    let entered = false
    const { page } = openAll(() => (entered = true))
    const answer = await answerTo(page, { type: 'call', id: 1, procedure: name, input: bad })
    expect(answer).toMatchObject({ type: 'error', error: { code: 'invalid_input' } })
    expect(entered).toBe(false)
  })

  it('refuses a payload over the limit', async () => {
    const { page } = openAll(() => null)
    const message = { type: 'call', id: 1, procedure: name, input }
    expect(await answerTo(page, message, requestMaxBytes + 1)).toMatchObject({
      error: { code: 'payload_too_large' },
    })
  })

  it('answers an unexpected failure without stack, path or secret, and logs it once under the trace id', async () => {
    const { page, logger } = openAll(() => {
      throw new Error(`GET https://x.test/?coder_session_token=${SECRET} failed in ${PATH}`, {
        cause: new Error(`token: ${SECRET}`),
      })
    })
    const answer = await answerTo(page, { type: 'call', id: 1, procedure: name, input })
    if (answer.type !== 'error') throw new Error('It did not fail.')
    expect(answer.error.code).toBe('internal')
    const text = JSON.stringify(answer)
    for (const mark of [SECRET, PATH, 'rpc-session', '.ts:', 'x.test']) expect(text).not.toContain(mark)
    const lines = logger.lines.filter((line) => line.includes(answer.error.traceId))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('router.test.ts')
    expect(logger.lines.join('')).not.toContain(SECRET)
  })

  it('keeps codes of the contract and hides all others', async () => {
    const declared = definition.errors[0] ?? 'not_found'
    const { page } = openAll(() => {
      throw new ProcedureError(declared, 'A sentence.', { details: { field: 'name' } })
    })
    expect(await answerTo(page, { type: 'call', id: 1, procedure: name, input })).toMatchObject({
      error: { code: declared, message: 'A sentence.', details: { field: 'name' } },
    })
    const other = openAll(() => {
      throw new ProcedureError('not_in_the_contract', 'A sentence.')
    })
    expect(await answerTo(other.page, { type: 'call', id: 1, procedure: name, input })).toMatchObject({
      error: { code: 'internal' },
    })
  })
})

describe('the router', () => {
  it.each([
    'nothing.here',
    'workspaces',
    '__proto__.toString',
    'constructor',
    'toString',
    'app.__proto__',
    '',
  ])('does not know the procedure "%s"', async (name) => {
    const { page } = openAll(() => null)
    expect(await answerTo(page, { type: 'call', id: 1, procedure: name, input: {} })).toMatchObject({
      error: { code: 'unknown_procedure' },
    })
  })

  it.each<[string, unknown]>([
    ['no object', 5],
    ['no type', { id: 1 }],
    ['an unknown type', { type: 'eval', id: 1 }],
    ['an extra key', { type: 'call', id: 1, procedure: 'app.about', input: {}, extra: 1 }],
    ['an id of zero', { type: 'call', id: 0, procedure: 'app.about', input: {} }],
    ['a text as id', { type: 'call', id: '1', procedure: 'app.about', input: {} }],
  ])('survives an envelope with %s', async (_, message) => {
    let entered = false
    const { page } = openAll(() => (entered = true))
    page.sendRaw(message)
    await nextTurn()
    expect(entered).toBe(false)
    expect(page.received.every((answer) => answer.type === 'error')).toBe(true)
  })

  it('limits how often a page may call and lets it go on later', async () => {
    const { page, clock, logger } = openAll(() => null, { burst: 3, perSecond: 1, open: 50 })
    const call = (id: number) =>
      answerTo(page, { type: 'call', id, procedure: 'app.openLogFolder', input: {} })
    for (const id of [1, 2, 3]) expect((await call(id)).type).toBe('result')
    for (const id of [4, 5, 6]) expect(await call(id)).toMatchObject({ error: { code: 'too_many_requests' } })
    expect(logger.lines.filter((line) => line.includes('limit'))).toHaveLength(1)
    clock.advance(1000)
    expect((await call(7)).type).toBe('result')
  })

  it('refuses a list that is long by its length alone without walking it', async () => {
    const list: unknown[] = []
    list.length = 2 ** 32 - 1
    const { page } = openAll(() => null)
    const message = { type: 'call', id: 1, procedure: 'app.about', input: { list } }
    // It costs nothing to send, so its size does not give it away; visiting each index would take minutes.
    expect(await answerTo(page, message, 100)).toMatchObject({
      error: { code: 'invalid_input' },
    })
  })

  it.each<[string, unknown, number]>([
    ['what is too big', { type: 'call', id: 1, procedure: 'app.about', input: {} }, requestMaxBytes + 1],
    ['nonsense', { type: 'eval', id: 1 }, 10],
    ['a wrong input', { type: 'call', id: 1, procedure: 'app.about', input: { x: 1 } }, 10],
  ])('writes a bounded number of log lines for a page that sends only %s', async (_, message, bytes) => {
    const { page, logger } = openAll(() => null, { burst: 5, perSecond: 1, open: 50 })
    for (let times = 0; times < 500; times += 1) page.sendRaw(message, bytes)
    await nextTurn()
    expect(logger.lines.length).toBeLessThanOrEqual(6)
  })

  it('limits how many calls are open at once', async () => {
    const { page } = openAll(() => new Promise(() => undefined), { burst: 100, perSecond: 1, open: 2 })
    for (const id of [1, 2, 3]) page.sendRaw({ type: 'call', id, procedure: 'app.about', input: {} })
    expect(await page.answer(3)).toMatchObject({ error: { code: 'too_many_requests' } })
  })

  it('aborts a cancelled call and answers it once', async () => {
    const signals: AbortSignal[] = []
    const { page } = openAll((_, __, call) => {
      signals.push(call.signal)
      return new Promise((_resolve, reject) => {
        call.signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    })
    page.sendRaw({ type: 'call', id: 1, procedure: 'app.about', input: {} })
    page.sendRaw({ type: 'cancel', id: 1 })
    expect(await page.answer(1)).toMatchObject({ error: { code: 'cancelled' } })
    await nextTurn()
    expect(signals[0]?.aborted).toBe(true)
    expect(page.received).toHaveLength(1)
  })

  it('ignores a cancel for an id it does not know', async () => {
    const { page } = openAll(() => null)
    page.sendRaw({ type: 'cancel', id: 9 })
    await nextTurn()
    expect(page.received).toEqual([])
  })

  it('aborts everything and falls silent when the page goes', async () => {
    const signals: AbortSignal[] = []
    const { page } = openAll((_, __, call) => {
      signals.push(call.signal)
      return new Promise((resolve) => call.signal.addEventListener('abort', () => resolve(null)))
    })
    page.sendRaw({ type: 'call', id: 1, procedure: 'app.about', input: {} })
    page.sendRaw({ type: 'call', id: 2, procedure: 'settings.watch', input: {} })
    page.close()
    await nextTurn()
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true])
    expect(page.received).toEqual([])
    page.sendRaw({ type: 'call', id: 3, procedure: 'app.about', input: {} })
    await nextTurn()
    expect(page.received).toEqual([])
  })

  it('does not let a second call take the id of one that runs', async () => {
    let entered = 0
    const { page } = openAll(() => {
      entered += 1
      return new Promise(() => undefined)
    })
    page.sendRaw({ type: 'call', id: 1, procedure: 'app.about', input: {} })
    page.sendRaw({ type: 'call', id: 1, procedure: 'app.about', input: {} })
    await nextTurn()
    expect(entered).toBe(1)
    expect(page.received).toEqual([])
  })

  it('sends every output of a subscription and then that it is done', async () => {
    const tick = { kind: 'subscription', input: z.strictObject({}), output: z.number(), errors: [] } as const
    const router = createRouter({
      contract: { test: { tick } },
      handlers: {
        test: {
          async *tick() {
            yield 1
            yield 2
          },
        },
      },
      logger: createRecordingLogger(),
      clock: createManualClock(),
      checkOutputs: true,
    })
    const page = createInMemoryPage()
    router.attach(page.transport)
    page.sendRaw({ type: 'call', id: 1, procedure: 'test.tick', input: {} })
    await nextTurn()
    expect(page.received).toEqual([
      { type: 'next', id: 1, output: 1 },
      { type: 'next', id: 1, output: 2 },
      { type: 'done', id: 1 },
    ])
  })

  it('refuses an output that breaks the contract where outputs are checked', async () => {
    const number = { kind: 'query', input: z.strictObject({}), output: z.number(), errors: [] } as const
    const logger = createRecordingLogger()
    const router = createRouter({
      contract: { test: { number } },
      handlers: { test: { number: () => 'seven' as unknown as number } },
      logger,
      clock: createManualClock(),
      checkOutputs: true,
    })
    const page = createInMemoryPage()
    router.attach(page.transport)
    expect(await answerTo(page, { type: 'call', id: 1, procedure: 'test.number', input: {} })).toMatchObject({
      error: { code: 'internal' },
    })
    expect(logger.lines.join('')).toContain('does not fit the contract')
  })

  it('does not open with a missing handler', () => {
    const handlers = {} as unknown as ContractHandlers<Contract>
    expect(() =>
      createRouter({
        contract,
        handlers,
        logger: createRecordingLogger(),
        clock: createManualClock(),
        checkOutputs: true,
      }),
    ).toThrow()
  })
})

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) }
}
