import { describe, expect, it } from 'vitest'
import { SecretsError } from '../../ports/secrets.ts'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createKeychain } from './keychain.ts'

const LOCKED = { kind: 'locked', backend: 'Test Keyring' } as const
const ABSENT = { kind: 'absent', reason: 'There is no keyring. Install gnome-keyring.' } as const

function open(...initial: Parameters<typeof createFakeSecrets>) {
  const secrets = createFakeSecrets(...initial)
  return { secrets, keychain: createKeychain({ secrets, logger: createRecordingLogger() }) }
}

describe('the keychain', () => {
  it('is being checked until it was looked at, and then works', async () => {
    const { keychain } = open()
    expect(keychain.state.get()).toEqual({ kind: 'checking' })
    await keychain.refresh()
    expect(keychain.state.get()).toEqual({ kind: 'works', backend: 'Test Keyring' })
  })

  it('tells nobody of a look that found nothing new', async () => {
    const { keychain, secrets } = open()
    await keychain.refresh()
    const told: unknown[] = []
    keychain.state.onChange((state) => told.push(state))
    secrets.become({ kind: 'works', backend: 'Test Keyring' })
    await keychain.refresh()
    expect(told).toEqual([])
    secrets.become({ kind: 'works', backend: 'Another Keyring' })
    await keychain.refresh()
    expect(told).toHaveLength(1)
  })

  it.each([LOCKED, ABSENT])('says that it is $kind', async (probe) => {
    const { keychain } = open(probe)
    await keychain.refresh()
    expect(keychain.state.get()).toEqual(probe)
    await expect(keychain.get('a')).rejects.toBeInstanceOf(SecretsError)
  })

  it('notices in passing that it was locked meanwhile', async () => {
    const { keychain, secrets } = open()
    await keychain.refresh()
    secrets.become(LOCKED)
    await expect(keychain.set('a', 'b')).rejects.toMatchObject({ code: 'locked' })
    expect(keychain.state.get()).toEqual(LOCKED)
  })

  it('works again once it was unlocked', async () => {
    const { keychain, secrets } = open(LOCKED)
    await keychain.refresh()
    expect(await keychain.unlock()).toEqual({ kind: 'works', backend: 'Test Keyring' })
    await keychain.set('a', 'b')
    expect(secrets.stored.get('a')).toBe('b')
  })

  it('keeps secrets in memory only after consent, and never in the keychain then', async () => {
    const { keychain, secrets } = open(ABSENT)
    await keychain.refresh()
    await expect(keychain.set('a', 'b')).rejects.toBeInstanceOf(SecretsError)
    expect(keychain.useMemory().kind).toBe('memory')
    await keychain.set('a', 'b')
    expect(await keychain.get('a')).toBe('b')
    expect(secrets.stored.size).toBe(0)
    await keychain.delete('a')
    expect(await keychain.get('a')).toBeNull()
  })

  it('does not take consent for a keychain that works', async () => {
    const { keychain } = open()
    await keychain.refresh()
    expect(keychain.useMemory()).toEqual({ kind: 'works', backend: 'Test Keyring' })
  })

  it('stays in memory while it looks again and nothing better is there', async () => {
    const { keychain } = open(ABSENT)
    await keychain.refresh()
    keychain.useMemory()
    await keychain.set('a', 'b')
    await keychain.refresh()
    expect(keychain.state.get().kind).toBe('memory')
    expect(await keychain.get('a')).toBe('b')
  })

  it('moves what is in memory into a keychain that works now', async () => {
    const { keychain, secrets } = open(LOCKED)
    await keychain.refresh()
    keychain.useMemory()
    await keychain.set('a', 'b')
    expect((await keychain.unlock()).kind).toBe('works')
    expect(secrets.stored.get('a')).toBe('b')
    expect(await keychain.get('a')).toBe('b')
  })

  it('deletes from a keychain that works now what was deleted in memory', async () => {
    const { keychain, secrets } = open(LOCKED)
    secrets.stored.set('a', 'old').set('b', 'old')
    await keychain.refresh()
    keychain.useMemory()
    await keychain.delete('a')
    expect(await keychain.get('a')).toBeNull()
    await keychain.unlock()
    expect([...secrets.stored]).toEqual([['b', 'old']])
  })

  it('moves what is changed during the move as well', async () => {
    const { keychain, secrets } = open(LOCKED)
    await keychain.refresh()
    keychain.useMemory()
    await keychain.set('a', 'first')
    const set = secrets.set
    secrets.set = async (account, value) => {
      secrets.set = set
      await keychain.set('a', 'second')
      await set(account, value)
    }
    await Promise.all([keychain.unlock(), keychain.refresh()])
    expect(await keychain.get('a')).toBe('second')
    expect(secrets.stored.get('a')).toBe('second')
  })

  it('takes a keychain that fails for absent, with the reason', async () => {
    const { keychain, secrets } = open()
    secrets.probe = () =>
      Promise.reject(new SecretsError('failed', 'The system keychain failed: broken pipe'))
    await keychain.refresh()
    expect(keychain.state.get()).toEqual({
      kind: 'absent',
      reason: 'The system keychain failed: broken pipe',
    })
  })
})
