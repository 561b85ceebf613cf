import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { listListeningPorts, parseLsof } from './listening-ports.ts'

test('reads the output of lsof', () => {
  expect(parseLsof('p12\ncnode\nf20\nn127.0.0.1:3000\nf21\nn[::1]:3001\np13\ncpython3\nn*:8000\n')).toEqual([
    { process_name: 'node', port: 3000 },
    { process_name: 'node', port: 3001 },
    { process_name: 'python3', port: 8000 },
  ])
})

test.skipIf(process.platform === 'win32')('finds what a process listens on, once', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const found = await listListeningPorts([process.pid, process.pid])
  expect(found.filter((entry) => entry.port === port)).toHaveLength(1)
  expect(await listListeningPorts([])).toEqual([])
  await new Promise((resolve) => server.close(resolve))
})
