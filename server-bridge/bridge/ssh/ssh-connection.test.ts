import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
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
