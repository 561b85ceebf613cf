import { duplexPair, PassThrough, type Duplex } from 'node:stream'
import ssh2, { type ClientChannel } from 'ssh2'
import { expect, it, vi } from 'vitest'
import { generateHostKey } from '../../testing/host-key.ts'
import { connectSsh } from './ssh-connection.ts'

it('says so when the connection breaks before SSH has begun, in place of ending the process', async () => {
  const stream = new PassThrough()
  const connecting = connectSsh(stream)
  stream.destroy(new Error('The way is gone.'))
  await expect(connecting).rejects.toThrow('The way is gone.')
  const ended = new PassThrough()
  ended.destroy()
  await expect(connectSsh(ended)).rejects.toThrow('broke while it was set up')
})

it('puts large packets together in the same memory, and the other side gets each as it was', async () => {
  const [here, there] = duplexPair()
  const server = new ssh2.Server({ hostKeys: [generateHostKey()] })
  const received: Buffer[] = []
  server.on('connection', (connection) => {
    connection.on('authentication', (attempt) => attempt.accept())
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec) => {
        acceptExec().on('data', (chunk: Buffer) => received.push(chunk))
      })
    })
  })
  ;(server as unknown as { injectSocket(stream: Duplex): void }).injectSocket(there)
  const ssh = await connectSsh(here)
  const { _cipher: cipher } = (
    ssh as unknown as { _protocol: { _cipher: { allocPacket(payload: number): Buffer } } }
  )._protocol
  // Not what it is about, but how it is noticed that another version of the library is built differently.
  expect(cipher.allocPacket(30_000).buffer).toBe(cipher.allocPacket(31_000).buffer)
  for (const payload of [5_000, 32_768 + 9, 65_536]) {
    const packet = cipher.allocPacket(payload)
    const padding = packet.readUInt8(4)
    expect([packet.length - 4, packet.length - 5 - payload]).toEqual([packet.readUInt32BE(0), padding])
    expect([(packet.length - 4) % 16, padding >= 4, padding < 20]).toEqual([0, true, true])
  }
  const sent = Array.from({ length: 40 }, (_, at) => Buffer.alloc(20_000 + at * 1_000, at))
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    ssh.exec('cat', (error, opened) => (error === undefined ? resolve(opened) : reject(error)))
  })
  for (const bytes of sent) channel.write(bytes)
  const whole = Buffer.concat(sent)
  await vi.waitFor(() => expect(Buffer.concat(received)).toHaveLength(whole.length))
  expect(Buffer.concat(received).equals(whole)).toBe(true)
  const closed = new Promise<void>((resolve) => ssh.once('close', () => resolve()))
  ssh.end()
  here.destroy()
  there.destroy()
  await closed
})
