import { expect, it } from 'vitest'
import { sampleChatModel } from '../../../testing/chat-samples.ts'
import { sampleMcpServer } from '../../../testing/wire-samples.ts'
import { usableModel } from './chat-model.ts'
import { chosenServers, sameServers } from './mcp-choice.ts'

const servers = [
  sampleMcpServer({ id: 'forced', availability: 'force_on' }),
  sampleMcpServer({ id: 'on', availability: 'default_on' }),
  sampleMcpServer({ id: 'off', availability: 'default_off' }),
  sampleMcpServer({ id: 'gone', availability: 'force_on', enabled: false }),
]

it.each([
  [undefined, ['forced', 'on']],
  [[], ['forced']],
  [
    ['off', 'gone', 'unknown'],
    ['forced', 'off'],
  ],
])('%#: adds what is always on and leaves out what is switched off', (chosen, ids) =>
  expect(chosenServers(servers, chosen)).toEqual(ids),
)

it('tells the same servers in another order', () => {
  expect(sameServers(['a', 'b'], ['b', 'a'])).toBe(true)
  expect(sameServers(['a'], ['b'])).toBe(false)
})

it('takes the first wished model that can be used, else the default', () => {
  const models = [
    sampleChatModel({ configId: 'a', isDefault: false }),
    sampleChatModel({ configId: 'b', isDefault: true }),
    sampleChatModel({ configId: 'c', unavailable: 'No key.', isDefault: false }),
  ]
  expect(usableModel(models, ['c', 'a'])?.configId).toBe('a')
  expect(usableModel(models, [undefined, 'c'])?.configId).toBe('b')
  expect(usableModel([], ['a'])).toBeUndefined()
})
