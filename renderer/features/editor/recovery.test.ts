import { expect, it } from 'vitest'
import { recoveryMaxParts, recoveryPartMaxChars } from '#ipc/files'
import type { Input } from '../../api/procedure-types.ts'
import { createApi } from '../../api/create-api.ts'
import { createFakeBridge } from '../../testing/fake-bridge.ts'
import { createRecoveryStore, maxParts, partMaxChars } from './recovery.ts'

it('has the numbers of the contract', () => {
  expect([partMaxChars, maxParts]).toEqual([recoveryPartMaxChars, recoveryMaxParts])
})

it('keeps a long text in parts, in order', async () => {
  const fake = createFakeBridge()
  const parts: Input<'files.keepRecovery'>[] = []
  fake.answer('files.keepRecovery', (input) => {
    parts.push(input)
    return { recoveryId: 'r1' }
  })
  const place = { deploymentId: 'local', workspaceId: 'w', agentName: 'main' }
  const store = createRecoveryStore(createApi(fake.bridge).client, place)
  const text = 'x'.repeat(partMaxChars) + 'end'
  expect(await store.keep({ path: '/a', baseSha256: null, text })).toBe('r1')
  expect(parts.map(({ part, parts: count, text: piece }) => [part, count, piece.length])).toEqual([
    [0, 2, partMaxChars],
    [1, 2, 3],
  ])
  await expect(
    store.keep({ path: '/a', baseSha256: null, text: 'x'.repeat(partMaxChars * maxParts + 1) }),
  ).rejects.toThrow('too long')
})
