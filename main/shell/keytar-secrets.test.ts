import { describe, expect, it } from 'vitest'
import { createKeytarSecrets } from './keytar-secrets.ts'

function setUp() {
  const stored = new Map<string, string>()
  let answer: () => void = () => undefined
  const secrets = createKeytarSecrets({
    platform: 'darwin',
    environment: {},
    load: async () => ({
      getPassword: async (_service, account) => stored.get(account) ?? null,
      setPassword: async (_service, account, value) =>
        new Promise((resolve) => {
          answer = () => {
            stored.set(account, value)
            resolve()
          }
        }),
      deletePassword: async (_service, account) => stored.delete(account),
    }),
  })
  return { secrets, answer: () => answer() }
}

describe('the keychain by keytar', () => {
  it('is busy while the system waits for its user, so that nobody waits for it at the end', async () => {
    const { secrets, answer } = setUp()
    expect(secrets.isBusy()).toBe(false)
    const kept = secrets.set('account', 'value')
    await expect.poll(() => secrets.isBusy()).toBe(true)
    await Promise.resolve()
    answer()
    await kept
    expect(secrets.isBusy()).toBe(false)
    expect(await secrets.get('account')).toBe('value')
  })
})
