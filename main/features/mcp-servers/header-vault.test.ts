import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { createHeaderVault, type VaultPlace } from './header-vault.ts'

const place: VaultPlace = { deploymentId: 'acme', userId: 'ada', serverId: 'weather' }

it('gives back what was kept, whatever it is, in entries that every keychain takes', async () => {
  const secrets = createFakeSecrets()
  const vault = createHeaderVault(secrets)
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ minLength: 1 }), fc.string({ maxLength: 6000 }), { maxKeys: 4 }),
      async (values) => {
        await vault.write(place, values)
        expect(await vault.read(place)).toEqual({ ...values })
        // Windows: 2,560 bytes, two a character.
        for (const entry of secrets.stored.values()) expect(entry.length).toBeLessThanOrEqual(1280)
      },
    ),
    { numRuns: 50 },
  )
})

it('leaves nothing behind of a value that is gone, and keeps places apart', async () => {
  const secrets = createFakeSecrets()
  const vault = createHeaderVault(secrets)
  const other = { ...place, userId: 'grace' }
  await vault.write(place, { 'X-Key': 'a'.repeat(20_000) })
  await vault.write(other, { 'X-Key': 'hers' })
  await vault.write(place, { 'X-Key': 'short' })
  expect(secrets.stored.size).toBe(3)
  await vault.write(place, {})
  expect(await vault.read(place)).toEqual({})
  expect(await vault.read(other)).toEqual({ 'X-Key': 'hers' })
})

it('forgets all of a deployment with it', async () => {
  const secrets = createFakeSecrets()
  const vault = createHeaderVault(secrets)
  await vault.write(place, { 'X-Key': 'a'.repeat(5000) })
  await vault.write({ ...place, serverId: 'tracker' }, { 'X-Key': 'b' })
  await vault.write({ ...place, deploymentId: 'other' }, { 'X-Key': 'c' })
  await vault.removeDeployment('acme')
  expect(await vault.read({ ...place, deploymentId: 'other' })).toEqual({ 'X-Key': 'c' })
  expect([...secrets.stored.keys()].filter((account) => account.includes('/acme/'))).toEqual([])
})

it('keeps the old values when a write is cut off', async () => {
  const secrets = createFakeSecrets()
  const vault = createHeaderVault(secrets)
  await vault.write(place, { 'X-Key': 'a'.repeat(5000) })
  let sets = 0
  const failing = createHeaderVault({
    ...secrets,
    set: (account, value) =>
      (sets += 1) > 2
        ? Promise.reject(new Error('The machine lost its power.'))
        : secrets.set(account, value),
  })
  await expect(failing.write(place, { 'X-Key': 'b'.repeat(9000) })).rejects.toThrow('power')
  expect(await vault.read(place)).toEqual({ 'X-Key': 'a'.repeat(5000) })
})

it('takes changes of one entry one after the other', async () => {
  const vault = createHeaderVault(createFakeSecrets())
  await Promise.all(
    ['a', 'b', 'c'].map((serverId) => vault.write({ ...place, serverId }, { 'X-Key': serverId })),
  )
  await vault.removeDeployment('acme')
  for (const serverId of ['a', 'b', 'c']) expect(await vault.read({ ...place, serverId })).toEqual({})
})
