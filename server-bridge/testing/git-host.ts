import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import ssh2, { type PublicKeyAuthContext } from 'ssh2'

export interface GitHost {
  readonly port: number
  /** Public keys that were offered, in base64, each once in the order of the first offer. */
  readonly offered: string[]
  close(): Promise<void>
}

/** A host of git repositories over SSH that lets one key in, and runs what `git` asks of it. */
export async function startGitHost(allowed: () => string): Promise<GitHost> {
  const offered: string[] = []
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const hostKeys = [privateKey.export({ format: 'pem', type: 'pkcs1' })]
  /** A client asks whether a key would do before it signs with it. */
  const isSigned = ({ signature, blob, hashAlgo }: PublicKeyAuthContext): boolean => {
    if (signature === undefined || blob === undefined) return true
    const key = ssh2.utils.parseKey(allowed())
    if (key instanceof Error) throw key
    return key.verify(blob, signature, hashAlgo)
  }
  const server = new ssh2.Server({ hostKeys }, (connection) => {
    connection.on('error', () => undefined)
    connection.on('authentication', (attempt) => {
      if (attempt.method !== 'publickey') {
        attempt.reject(['publickey'])
        return
      }
      const offer = attempt.key.data.toString('base64')
      if (!offered.includes(offer)) offered.push(offer)
      if (offer === allowed().split(' ')[1]?.trim() && isSigned(attempt)) attempt.accept()
      else attempt.reject(['publickey'])
    })
    connection.on('session', (accept) => {
      accept().on('exec', (take, _refuse, { command }) => {
        const channel = take()
        const git = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' })
        channel.pipe(git.stdin)
        git.stdin.on('error', () => undefined)
        git.stdout.pipe(channel, { end: false })
        git.stderr.pipe(channel.stderr, { end: false })
        git.once('close', (code) => {
          channel.exit(code ?? 255)
          channel.end()
        })
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, offered, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
