import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { ask, authority, clientPair, useNetworks } from '../../testing/tested-network.ts'

const { certificateFiles, clientTo, folder, serve } = useNetworks()

describe('the command that renews the client certificate', () => {
  async function arrange(command: (fresh: string) => string) {
    const server = await serve({
      tls: { ...authority.issue('127.0.0.1'), ca: authority.cert, requestCert: true },
    })
    const { caFile, certFile, keyFile } = await certificateFiles()
    const expired = authority.issue('me', {
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    })
    await folder.write('me.pem', expired.cert)
    await folder.write('me.key', expired.key)
    await folder.write('fresh.pem', clientPair.cert)
    await folder.write('fresh.key', clientPair.key)
    const copy = `cd '${folder.path('')}' && echo ran >> runs && cp fresh.pem me.pem && cp fresh.key me.key`
    const set = { caFile, certFile, keyFile, refreshCommand: command(copy) }
    const runs = () =>
      readFile(folder.path('runs'), 'utf8').then(
        (text) => text.split('\n').length - 1,
        () => 0,
      )
    return { server, set, runs }
  }

  it('runs once when it has expired, and the request goes on with the new one', async () => {
    const { server, set, runs } = await arrange((copy) => copy)
    const client = clientTo(server.url, set)
    expect(await Promise.all([ask(client), ask(client)])).toHaveLength(2)
    await ask(client)
    expect(await runs()).toBe(1)
    expect(server.requests[0]?.socket).toMatchObject({ authorized: true })
  })

  it('runs once and not again when it does not help, and says so', async () => {
    const { server, set, runs } = await arrange((copy) => copy.replace(/&& cp .*/, ''))
    const client = clientTo(server.url, set)
    await expect(ask(client)).rejects.toThrow(/has expired on 2021-01-01\. Renew it/)
    await expect(ask(client)).rejects.toThrow(/has expired on 2021-01-01/)
    expect(await runs()).toBe(1)
  })

  it('tells why it failed', async () => {
    const { server, set } = await arrange(() => 'echo "vault is sealed" >&2; exit 4')
    await expect(ask(clientTo(server.url, set))).rejects.toMatchObject({
      code: 'command',
      message: 'The command that renews the client certificate ended with status 4: vault is sealed',
    })
  })
})
