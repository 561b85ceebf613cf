import { expect, it } from 'vitest'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createKeychain } from '../keychain/keychain.ts'
import { createServerKeys } from './server-keys.ts'

function open(...initial: Parameters<typeof createFakeSecrets>) {
  const secrets = createFakeSecrets(...initial)
  const logger = createRecordingLogger()
  const keychain = createKeychain({ secrets, logger })
  return { secrets, keychain, logger, keys: createServerKeys({ keychain, logger }) }
}

it('makes a key once and finds it again', async () => {
  const { keys, secrets } = open()
  const first = await keys()
  expect(first).toHaveLength(1)
  expect(Buffer.from(first[0] ?? '', 'base64')).toHaveLength(32)
  expect(await keys()).toEqual(first)
  expect([...secrets.stored.values()]).toEqual(first)
})

it('hands over the old and the new one while they are being changed', async () => {
  const { keys, secrets } = open()
  await keys()
  const [account = ''] = secrets.stored.keys()
  secrets.stored.set(account, 'b2xk\nbmV3\n')
  expect(await keys()).toEqual(['b2xk', 'bmV3'])
})

it.each([
  { kind: 'locked', backend: 'Test Keyring' } as const,
  { kind: 'absent', reason: 'There is no keyring.' } as const,
])('has none while the keychain is $kind', async (probe) => {
  const { keys } = open(probe)
  expect(await keys()).toEqual([])
})

it('has none where secrets are kept in memory, which ends with the app', async () => {
  const { keys, keychain, secrets } = open({ kind: 'absent', reason: 'There is no keyring.' })
  await keychain.refresh()
  keychain.useMemory()
  expect(await keys()).toEqual([])
  expect(secrets.stored.size).toBe(0)
})

it('has none when the keychain locks in this moment', async () => {
  const { keys, keychain, secrets } = open()
  await keychain.refresh()
  secrets.become({ kind: 'locked', backend: 'Test Keyring' })
  expect(await keys()).toEqual([])
})
