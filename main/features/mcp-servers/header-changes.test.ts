// Changes that run at once, in any order their steps can take, against a model of what the user asked for.
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { CoderClient } from '#bridge/client/coder-client'
import { createLiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { testUuid } from '../../testing/builders.ts'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { createHeaderChanges } from './header-changes.ts'
import { createHeaderVault } from './header-vault.ts'

const target = { deploymentId: 'acme', serverId: testUuid(1) }
const names = ['X-A', 'X-B', 'X-C', 'X-D']
const refused = 'refused'

type Route = { readonly method: string; readonly path: string }
type Slow = <T>(what: string, work: () => Promise<T>) => Promise<T>

/** A deployment that keeps header values, each step of which and of the keychain may take its time. */
function open(slow: Slow = (_, work) => work()) {
  const secrets = createFakeSecrets()
  const vault = createHeaderVault({
    get: (account) => slow('get', () => secrets.get(account)),
    set: (account, value) => slow('set', () => secrets.set(account, value)),
    delete: (account) => slow('delete', () => secrets.delete(account)),
  })
  const user = { id: 'ada' }
  const stored = new Map<string, string>()
  const config = {
    id: target.serverId,
    enabled: true,
    custom_headers_user_keys: names,
    custom_headers_user_key_descriptions: {},
  }
  const answer = ({ method, path }: Route, values: Readonly<Record<string, string>> = {}): unknown => {
    if (method === 'PUT') {
      if (Object.values(values).includes(refused)) throw new ProcedureError('invalid_value', 'Too long.')
      for (const [name, value] of Object.entries(values))
        if (value === '') stored.delete(name.toUpperCase())
        else stored.set(name.toUpperCase(), value)
      return { has_values: {} }
    }
    if (path.endsWith('/user-headers'))
      return { has_values: Object.fromEntries(names.map((name) => [name, stored.has(name)])) }
    return path.endsWith('/servers') ? [config] : config
  }
  const client = {
    call: (route: Route, input: { readonly body?: { readonly values?: Record<string, string> } }) =>
      slow('request', async () => answer(route, input.body?.values)),
  } as unknown as CoderClient
  const connection = {
    view: { get: () => ({ user: { ...user } }) },
    call: (work: (of: CoderClient) => Promise<unknown>) => work(client),
    session: createLiveValue(undefined),
  } as unknown as DeploymentConnection
  const changes = createHeaderChanges({
    connection: () => connection,
    vault,
    known: { added: () => [], see: () => Promise.resolve() },
    clock: createManualClock(),
  })
  const kept = (userId = 'ada') => createHeaderVault(secrets).read({ ...target, userId })
  return { changes, kept, stored, user, vault }
}

const step = fc.oneof(
  fc.record({ do: fc.constant('save' as const), value: fc.constantFrom('one', 'two', refused) }),
  fc.record({ do: fc.constant('clear' as const) }),
  fc.record({ do: fc.constant('undo' as const) }),
  fc.record({ do: fc.constant('push' as const) }),
)
type Step = { readonly do: 'save'; readonly value: string } | { readonly do: 'clear' | 'undo' | 'push' }

it('loses no value of one header to a change of another, however their steps interleave', async () => {
  const scripts = fc.tuple(...names.map(() => fc.array(step, { maxLength: 5 })))
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), scripts, async (scheduler, scriptOf) => {
      const { changes, kept } = open(async (what, work) => {
        await scheduler.schedule(Promise.resolve(), what)
        return work()
      })
      const model = new Map<string, string>()
      const run = async (name: string, steps: readonly Step[]): Promise<void> => {
        let undoId: string | null = null
        let taken = ''
        for (const one of steps) {
          if (one.do === 'save') {
            const saving = changes.save(target, { [name.toLowerCase()]: one.value })
            await (one.value === refused ? expect(saving).rejects.toThrow('Too long.') : saving)
            if (one.value !== refused) model.set(name, one.value)
          } else if (one.do === 'clear') {
            taken = model.get(name) ?? taken
            undoId = await changes.clear(target, [name])
            expect(undoId === null).toBe(!model.delete(name))
          } else if (one.do === 'undo' && undoId !== null) {
            await changes.undo(undoId)
            undoId = null
            // What was saved after the clear is the newer.
            if (!model.has(name)) model.set(name, taken)
          } else if (one.do === 'push')
            await changes.push(target.deploymentId, target.serverId).catch((error: unknown) => {
              // It may meet a value that is about to be refused and taken back.
              if (!(error instanceof ProcedureError) || error.code !== 'invalid_value') throw error
            })
        }
      }
      const all = Promise.all(names.map((name, at) => run(name, scriptOf[at] ?? [])))
      await scheduler.waitFor(all)
      const values = Object.entries(await kept()).map(([name, value]) => [name.toUpperCase(), value])
      expect(Object.fromEntries(values)).toEqual(Object.fromEntries(model))
    }),
    { numRuns: 150 },
  )
})

it('keeps what was saved while an earlier value was cleared', async () => {
  const held: (() => void)[] = []
  let isHeld = false
  const { changes, kept } = open(async (what, work) => {
    if (isHeld && what === 'request') await new Promise<void>((done) => held.push(done))
    return work()
  })
  await changes.save(target, { 'X-A': 'one' })
  isHeld = true
  const clearing = changes.clear(target, ['X-A'])
  await vi.waitUntil(() => held.length > 0)
  isHeld = false
  await changes.save(target, { 'X-A': 'two' })
  for (const release of held) release()
  await clearing
  expect(await kept()).toEqual({ 'X-A': 'two' })
})

it('takes a clear back for the user who made it alone', async () => {
  const { changes, kept, user } = open()
  await changes.save(target, { 'X-A': 'of ada' })
  const undoId = (await changes.clear(target, ['X-A'])) ?? ''
  user.id = 'grace'
  await expect(changes.undo(undoId)).rejects.toMatchObject({ code: 'too_late' })
  expect(await kept('grace')).toEqual({})
  user.id = 'ada'
  await changes.undo(undoId)
  expect(await kept()).toEqual({ 'X-A': 'of ada' })
})
