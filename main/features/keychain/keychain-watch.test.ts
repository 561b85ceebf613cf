import { expect, it } from 'vitest'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createKeychain } from './keychain.ts'
import { watchKeychain } from './keychain-watch.ts'

const LOCKED = { kind: 'locked', backend: 'Test Keyring' } as const
const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

async function open() {
  const secrets = createFakeSecrets()
  const keychain = createKeychain({ secrets, logger: createRecordingLogger() })
  await keychain.refresh()
  let probes = 0
  const probe = secrets.probe
  secrets.probe = () => {
    probes += 1
    return probe()
  }
  const clock = createManualClock()
  const listeners: (() => void)[] = []
  const on = (listener: () => void) => {
    listeners.push(listener)
    return () => void listeners.splice(listeners.indexOf(listener), 1)
  }
  const needed = { now: true }
  const stop = watchKeychain({
    keychain,
    isNeeded: () => needed.now,
    power: { onLock: on, onResume: on },
    clock,
  })
  return { secrets, keychain, clock, listeners, needed, stop, probes: () => probes }
}

it('notices that it was locked, and that it works again, though nobody uses it', async () => {
  const { secrets, keychain, clock } = await open()
  secrets.become(LOCKED)
  clock.advance(10_000)
  await turn()
  expect(keychain.state.get()).toEqual(LOCKED)
  secrets.become({ kind: 'works', backend: 'Test Keyring' })
  clock.advance(10_000)
  await turn()
  expect(keychain.state.get().kind).toBe('works')
})

it('looks at once when the screen is locked and when the machine wakes up', async () => {
  const { secrets, keychain, listeners } = await open()
  expect(listeners).toHaveLength(2)
  for (const listener of [...listeners]) {
    secrets.become(LOCKED)
    listener()
    await turn()
    expect(keychain.state.get()).toEqual(LOCKED)
    secrets.become({ kind: 'works', backend: 'Test Keyring' })
    await keychain.refresh()
  }
})

it('leaves it alone while nothing depends on it, while a look is under way, and after its end', async () => {
  const { clock, needed, listeners, stop, probes } = await open()
  needed.now = false
  clock.advance(60_000)
  expect(probes()).toBe(0)
  needed.now = true
  clock.advance(30_000)
  expect(probes()).toBe(1)
  await turn()
  stop()
  clock.advance(60_000)
  expect([probes(), clock.pending, listeners]).toEqual([1, 0, []])
})
