/**
 * A proxy on this machine's loopback that leads to one deployment and nowhere else, through the proxies that are set for
 * it. For the command line, which cannot be given a proxy's password in a way that others on the machine cannot read.
 */
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'

export interface ProxyRelay {
  readonly port: number
  close(): void
}

const maxHeadBytes = 16 * 1024
const headMs = 15_000

/** @param connect opens a stream to the deployment. */
export async function startProxyRelay(deployment: URL, connect: () => Promise<Duplex>): Promise<ProxyRelay> {
  const port = deployment.port === '' ? (deployment.protocol === 'https:' ? '443' : '80') : deployment.port
  const allowed = `${deployment.hostname}:${port}`.toLowerCase()
  const open = new Set<Socket>()

  const serve = async (client: Socket): Promise<void> => {
    const head = await readHead(client)
    if (head === undefined) {
      client.destroy()
      return
    }
    const [method, target] = (head.lines[0] ?? '').split(' ')
    if (method !== 'CONNECT' || target?.toLowerCase() !== allowed) {
      client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      return
    }
    let upstream: Duplex
    try {
      upstream = await connect()
    } catch {
      // The program says that it could not connect; our own requests say why.
      client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      return
    }
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.rest.length > 0) upstream.write(head.rest)
    // Both ends learn of an error by their own end.
    pipeline(client, upstream, () => undefined)
    pipeline(upstream, client, () => undefined)
  }

  const server = createServer((client) => {
    open.add(client)
    client.setNoDelay(true)
    client.on('error', () => undefined)
    client.once('close', () => open.delete(client))
    void serve(client)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const client of open) client.destroy()
    },
  }
}

/** Up to the empty line. `undefined`: it never came, or is too long. */
function readHead(
  client: Socket,
): Promise<{ readonly lines: readonly string[]; readonly rest: Buffer } | undefined> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0)
    const finish = (answer: { lines: readonly string[]; rest: Buffer } | undefined): void => {
      client.off('data', onData)
      client.off('close', onEnd)
      client.setTimeout(0)
      client.pause()
      resolve(answer)
    }
    const onEnd = (): void => {
      finish(undefined)
    }
    const onData = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk])
      const end = read.indexOf('\r\n\r\n')
      if (end >= 0)
        finish({ lines: read.toString('latin1', 0, end).split('\r\n'), rest: read.subarray(end + 4) })
      else if (read.length > maxHeadBytes) finish(undefined)
    }
    client.on('data', onData)
    client.once('close', onEnd)
    client.setTimeout(headMs, onEnd)
  })
}
