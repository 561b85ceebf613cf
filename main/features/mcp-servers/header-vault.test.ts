import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createKeychain } from '../keychain/keychain.ts'
import { partCharactersOn } from './header-entries.ts'
import { createHeaderVault } from './header-vault.ts'
import type { VaultPlace } from './vault-place.ts'

/** No header is called `__proto__`: the maps they travel in cannot carry it (`headerNameProblem`). */
const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__')
const place: VaultPlace = { deploymentId: 'acme', userId: 'ada', serverId: 'weather' }

it('gives back what was kept, whatever it is, in entries that every keychain takes', async () => {
  const secrets = createFakeSecrets()
  const vault = createHeaderVault(secrets)
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, fc.string({ maxLength: 6000 }), { maxKeys: 4 }), async (values) => {
      await vault.write(place, values)
      expect(await vault.read(place)).toEqual({ ...values })
      // Windows: 2,560 bytes, two a character.
      for (const entry of secrets.stored.values()) expect(entry.length).toBeLessThanOrEqual(1280)
    }),
    { numRuns: 50 },
  )
})

it(
  'takes few entries where they may be large, and reads and removes those that another system split',
  { timeout: 30_000 },
  async () => {
    const secrets = createFakeSecrets()
    const small = createHeaderVault(secrets, partCharactersOn('win32'))
    const large = createHeaderVault(secrets, partCharactersOn('linux'))
    const values = { 'X-Key': 'ä-€'.repeat(80_000) }
    await small.write(place, values)
    expect(secrets.stored.size).toBeGreaterThan(400)
    expect(await large.read(place)).toEqual(values)
    await large.write(place, values)
    expect(secrets.stored.size).toBeLessThan(20)
    expect(await small.read(place)).toEqual(values)
  },
)

it('keeps when each value was saved, and reads what was written before that was kept', async () => {
  const secrets = createFakeSecrets()
  let now = 1000
  const vault = createHeaderVault(secrets, undefined, () => now)
  const old = JSON.stringify({ values: 'a header called so', 'X-Key': 'old' })
  const account = 'deployment/acme/mcp-headers/ada/weather'
  await secrets.set(
    account,
    JSON.stringify({ id: 'a', parts: 1, first: Buffer.from(old).toString('base64') }),
  )
  expect(await vault.readKept(place)).toEqual({ values: JSON.parse(old) as object, savedAt: {} })
  await vault.change(place, (before) => ({ ...before, 'X-Team': 'new' }))
  now = 2000
  await vault.change(place, ({ 'X-Key': _gone, ...others }) => ({ ...others, 'X-Other': 'newer' }))
  expect((await vault.readKept(place)).savedAt).toEqual({ 'X-Team': 1000, 'X-Other': 2000 })
  now = 3000
  await vault.change(place, (before) => ({ ...before, 'X-Team': 'another' }))
  expect((await vault.readKept(place)).savedAt).toEqual({ 'X-Team': 3000, 'X-Other': 2000 })
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

describe('a vault that was in memory while the keychain was locked', () => {
  async function open() {
    const secrets = createFakeSecrets()
    const before = createHeaderVault(secrets)
    await before.write(place, { 'X-Key': 'old', 'X-Team': 'kept', 'X-Gone': 'removed' })
    await before.write({ ...place, serverId: 'tracker' }, { 'X-Token': 'kept' })
    await before.write({ ...place, deploymentId: 'left' }, { 'X-Key': 'left' })
    secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    const keychain = createKeychain({ secrets, logger: createRecordingLogger() })
    const vault = createHeaderVault(keychain)
    keychain.moveMemoryBy(vault.moveIntoKeychain)
    await keychain.refresh()
    keychain.useMemory()
    return { secrets, keychain, vault }
  }

  it('is brought together with the keychain, the newer value of each header', async () => {
    const { secrets, keychain, vault } = await open()
    await vault.write(place, { 'x-key': 'n'.repeat(5000), 'X-Gone': 'typed' })
    await vault.write(place, { 'x-key': 'n'.repeat(5000) })
    await vault.write({ ...place, serverId: 'calendar' }, { 'X-Cal': 'new' })
    await vault.removeDeployment('left')
    expect((await keychain.unlock()).kind).toBe('works')
    const stored = createHeaderVault(secrets)
    expect(await stored.read(place)).toEqual({ 'x-key': 'n'.repeat(5000), 'X-Team': 'kept' })
    expect(await stored.read({ ...place, serverId: 'tracker' })).toEqual({ 'X-Token': 'kept' })
    expect(await stored.read({ ...place, serverId: 'calendar' })).toEqual({ 'X-Cal': 'new' })
    const { savedAt } = await stored.readKept(place)
    expect(savedAt).toEqual({ 'x-key': expect.any(Number) as number, 'X-Team': expect.any(Number) as number })
    expect([...secrets.stored.keys()].filter((account) => account.includes('/left/'))).toEqual([])
    await stored.removeDeployment('acme')
    expect([...secrets.stored.keys()]).toEqual([])
  })

  it('stays in memory when the move is cut off, and moves the next time', async () => {
    const { secrets, keychain, vault } = await open()
    await vault.write(place, { 'X-Key': 'new' })
    const set = secrets.set
    secrets.set = () => Promise.reject(new Error('The keyring went away.'))
    expect((await keychain.unlock()).kind).toBe('memory')
    expect(await vault.read(place)).toEqual({ 'X-Key': 'new' })
    secrets.set = set
    await keychain.unlock()
    expect(await vault.read(place)).toEqual({ 'X-Key': 'new', 'X-Team': 'kept', 'X-Gone': 'removed' })
  })

  it('loses no change made while it moves', async () => {
    const { secrets, keychain, vault } = await open()
    await vault.write(place, { 'X-Key': 'new' })
    const unlocking = keychain.unlock()
    const writing = vault.write({ ...place, serverId: 'calendar' }, { 'X-Cal': 'new' })
    await Promise.all([unlocking, writing])
    await keychain.refresh()
    const stored = createHeaderVault(secrets)
    expect(await stored.read(place)).toMatchObject({ 'X-Key': 'new', 'X-Team': 'kept' })
    expect(await stored.read({ ...place, serverId: 'calendar' })).toEqual({ 'X-Cal': 'new' })
    expect(await stored.read({ ...place, serverId: 'tracker' })).toEqual({ 'X-Token': 'kept' })
  })
})
