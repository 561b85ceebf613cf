import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { NetworkOptions } from '../../contract/deployment-network.ts'
import { createSelfSigned } from '../../testing/self-signed.ts'
import { createTestAuthority } from '../../testing/test-authority.ts'
import { ask, authority, deploymentHost, serverPair, useNetworks } from '../../testing/tested-network.ts'

const { certificateFiles, clientTo, ends, folder, serve } = useNetworks()

describe('TLS failures in words', () => {
  const failureOf = async (url: string, set: Partial<NetworkOptions>): Promise<string> =>
    ask(clientTo(url, set)).then(
      () => 'it worked',
      (error: unknown) => (error as Error).message,
    )
  const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000)
  const dayOf = (date: Date) => date.toISOString().slice(0, 10)

  it('names the authority, the date, the names or the self-signed certificate', async () => {
    const caFile = await folder.write('ca.pem', authority.cert)
    const unknown = await serve({ tls: authority.issue('127.0.0.1') })
    expect(await failureOf(unknown.url, {})).toMatch(
      /is signed by "Example Authority", which this computer does not know.*choose its CA file/,
    )
    expect(await failureOf(unknown.url, { caFile })).toBe('it worked')

    const past = { notBefore: daysFromNow(-20), notAfter: daysFromNow(-10) }
    const expired = await serve({ tls: authority.issue('127.0.0.1', past) })
    expect(await failureOf(expired.url, { caFile })).toContain(`has expired on ${dayOf(past.notAfter)}`)

    const future = { notBefore: daysFromNow(10), notAfter: daysFromNow(20) }
    const early = await serve({ tls: authority.issue('127.0.0.1', future) })
    expect(await failureOf(early.url, { caFile })).toContain(
      `is not valid yet before ${dayOf(future.notBefore)}. Check the clock`,
    )

    const other = await serve({ tls: serverPair })
    expect(await failureOf(other.url, { caFile })).toMatch(
      /is not for 127\.0\.0\.1, but for coder\.example\.test\..*enter one of its names as the server name/,
    )
    expect(await failureOf(other.url, { caFile, serverName: deploymentHost })).toBe('it worked')

    const selfSigned = await serve({ tls: createSelfSigned({ host: '127.0.0.1' }) })
    expect(await failureOf(selfSigned.url, { caFile })).toMatch(/is self-signed/)

    const plain = await serve()
    expect(await failureOf(plain.url.replace('http:', 'https:'), {})).toMatch(/does not answer with TLS/)
  })

  it('says what is wrong with a file, and nothing of what is in it', async () => {
    const { caFile, certFile, keyFile } = await certificateFiles()
    const url = 'https://127.0.0.1:1'
    const missing = folder.path('none.pem')
    expect(await failureOf(url, { caFile: missing })).toBe(
      `The CA file ${missing} cannot be read: there is no such file.`,
    )
    expect(await failureOf(url, { caFile: keyFile })).toMatch(/holds no certificate in PEM form/)
    expect(await failureOf(url, { caFile, certFile })).toMatch(/Choose the file of the key as well/)
    const otherKey = await folder.write('other.key', authority.issue('you').key)
    expect(await failureOf(url, { certFile, keyFile: otherKey })).toMatch(/does not belong to the client/)
    const locked = await folder.write(
      'locked.key',
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VlZGVk\n-----END ENCRYPTED PRIVATE KEY-----\n',
    )
    expect(await failureOf(url, { certFile, keyFile: locked })).toMatch(/locked with a passphrase/)
  })

  /** OpenSSL's own server, since Node's answers no alert. */
  async function openSslServer(): Promise<string> {
    const files = await certificateFiles()
    const cert = await folder.write('server.pem', authority.issue('127.0.0.1').cert)
    const pair = authority.issue('127.0.0.1')
    await folder.write('server.pem', pair.cert)
    const key = await folder.write('server.key', pair.key)
    const child = spawn(
      'openssl',
      // prettier-ignore
      ['s_server', '-accept', '127.0.0.1:0', '-cert', cert, '-key', key, '-CAfile', files.caFile,
        '-Verify', '1', '-verify_return_error', '-www'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    ends.push(
      () =>
        new Promise((resolve) => {
          child.once('close', resolve)
          child.kill()
        }),
    )
    let said = ''
    return new Promise((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        const port = /^ACCEPT 127\.0\.0\.1:(\d+)/m.exec(said)?.[1]
        if (port !== undefined) resolve(`https://127.0.0.1:${port}`)
      })
    })
  }

  it('tells a client certificate that is wanted from one that is refused', async () => {
    const url = await openSslServer()
    const { caFile, certFile, keyFile } = await certificateFiles()
    expect(await failureOf(url, { caFile })).toMatch(/wants a client certificate\. Choose the files/)
    const stranger = createTestAuthority('Somebody else').issue('me')
    const strange = {
      caFile,
      certFile: await folder.write('strange.pem', stranger.cert),
      keyFile: await folder.write('strange.key', stranger.key),
    }
    expect(await failureOf(url, strange)).toMatch(/does not know the authority that signed/)
    // It is no Coder server, but it is one that lets us in.
    expect(await failureOf(url, { caFile, certFile, keyFile })).toMatch(/answers with a web page/)
  })
})
