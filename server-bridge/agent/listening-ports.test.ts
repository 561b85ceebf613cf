import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { listListeningPorts, parseLsof, parseSocketTable } from './listening-ports.ts'

test('reads the listening sockets of the kernel’s tables', () => {
  const header =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
  const rest = '00000000:00000000 00:00000000 00000000  1000        0'
  const text = [
    header,
    `   0: 0100007F:1F90 00000000:0000 0A ${rest} 4242 1 0000000000000000 100 0 0 10 0`,
    `   1: 0100007F:1F90 0100007F:C350 01 ${rest} 4243 1 0000000000000000 20 4 30 10 -1`,
    `   2: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A ${rest} 77 1`,
    '',
  ].join('\n')
  expect(parseSocketTable(text)).toEqual([
    ['4242', 8080],
    ['77', 3000],
  ])
  expect(parseSocketTable('')).toEqual([])
})

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
