import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { findPortOwner } from './port-owner.ts'

it.runIf(process.platform === 'linux')('is found on Linux, as long as it listens', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await findPortOwner(port)).toEqual({ pid: process.pid, name: expect.stringMatching(/\S/) as string })
  server.close()
  await once(server, 'close')
  expect(await findPortOwner(port)).toBeUndefined()
})

const netstat = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:13000          0.0.0.0:0              LISTENING       4
  TCP    127.0.0.1:3000         127.0.0.1:50001        ESTABLISHED     12
  TCP    127.0.0.1:3000         0.0.0.0:0              ABHÖREN         4242
  TCP    [::1]:3001             [::]:0                 LISTENING       77
`

it.each([
  [
    'win32',
    3000,
    'netstat',
    netstat,
    '"my app.exe","4242","Console","1","10,000 K"',
    { pid: 4242, name: 'my app.exe' },
  ],
  ['win32', 3001, 'netstat', netstat, '"x.exe","77"', { pid: 77, name: 'x.exe' }],
  ['win32', 3002, 'netstat', netstat, '', undefined],
  ['darwin', 3000, 'lsof', 'p4242\ncnode\nf20\np4243\ncother\n', '', { pid: 4242, name: 'node' }],
] as const)('is read on %s for port %i', async (platform, port, program, table, tasks, owner) => {
  const asked: string[] = []
  const found = await findPortOwner(port, platform, async (name) => {
    asked.push(name)
    return name === program ? table : tasks
  })
  expect(found).toEqual(owner)
  expect(asked[0]).toBe(program)
})

it('is not told where the system has no such program', async () => {
  expect(await findPortOwner(1, 'darwin', () => Promise.reject(new Error('ENOENT')))).toBeUndefined()
})
