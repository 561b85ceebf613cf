import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { createFoundModels } from './found-models.ts'

it('does not wait for what listens and says nothing', async () => {
  const silent = createServer((socket) => socket.resume())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  const found = createFoundModels({
    ports: { ollama: port, vllm: port, 'lm-studio': port },
    timeoutMs: 100,
    providers: { rows: () => [] },
  })
  expect(await found.find()).toEqual([])
  await new Promise((resolve) => silent.close(resolve))
})
