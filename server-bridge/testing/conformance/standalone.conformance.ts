import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import type { TLSSocket } from 'node:tls'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rawRequest } from '../raw-request.ts'
import { createSelfSigned } from '../self-signed.ts'
import {
  runStandalone,
  startAsService,
  startInTerminal,
  startStandalone,
  type StandaloneServer,
} from '../standalone-server.ts'
import { waitFor } from '../wait-for.ts'

let folder: string
const running = new Set<StandaloneServer>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-standalone-'))
})
afterEach(async () => {
  for (const server of running) await stop(server)
  rmSync(folder, { recursive: true, force: true })
})

const dataDir = (name = 'data') => join(folder, name)
async function start(
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<StandaloneServer> {
  const server = await startStandalone(['--data-dir', dataDir(), ...args], environment)
  running.add(server)
  return server
}
async function stop(server: StandaloneServer, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  running.delete(server)
  server.process.kill(signal)
  return server.exited
}
/** The certificate a TLS port shows. */
const shown = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const call = request(`${url}/healthz`, { rejectUnauthorized: false, agent: false }, (response) => {
      const { raw } = (response.socket as unknown as TLSSocket).getPeerCertificate()
      response.resume().on('end', () => resolve(raw.toString('base64')))
    })
    call.on('error', reject).end()
  })

describe('npm run server', () => {
  it('says where it answers in one line, logs to standard error, and ends clean on SIGTERM', async () => {
    const server = await start([], { CODER_VERBOSE: '1' })
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(server.pid).toBe(server.process.pid)
    expect((await rawRequest(`${server.url}/healthz`)).text).toBe('OK')
    await waitFor('the request is logged', () =>
      server.complaints().includes('/healthz') ? true : undefined,
    )
    for (const line of server.complaints().trim().split('\n'))
      expect(JSON.parse(line)).toHaveProperty('level')
    expect(await stop(server)).toBe(0)
  })

  it('refuses a folder that another one has', async () => {
    await start()
    const second = await runStandalone(['--data-dir', dataDir()])
    expect([second.code, second.output]).toEqual([1, ''])
    expect(second.complaints).toMatch(/already uses/)
  })

  it('takes over the folder of one that was killed', async () => {
    const first = await start()
    await stop(first, 'SIGKILL')
    // The process id that is written down may belong to something else by now.
    writeFileSync(join(dataDir(), 'server.pid'), String(process.pid))
    await stop(await start())
  })

  it('refuses what it does not understand before it touches anything', async () => {
    const { code, complaints, output } = await runStandalone(['--data-dir', dataDir(), '--colour'])
    expect([code, output]).toEqual([1, ''])
    expect(complaints).toMatch(/Unknown option '--colour'.*\nTry --help/)
    expect(() => readFileSync(join(dataDir(), 'outpost.db'))).toThrow()
  })

  it('writes its log where it is told', async () => {
    const json = join(folder, 'log.json')
    const human = join(folder, 'log.txt')
    const server = await start(['--log-json', json, '--log-human', human, '--verbose'])
    await rawRequest(`${server.url}/healthz`)
    await stop(server)
    expect(readFileSync(json, 'utf8')).toMatch(/^\{.*"path":"\/healthz".*\}$/m)
    expect(readFileSync(human, 'utf8')).toMatch(/ debug Request .* path=\/healthz status=200/)
    expect(server.complaints()).toBe('')
  })

  it('tells the access URL it was given', async () => {
    const server = await start(['--access-url', 'https://coder.example.com', '--http-address', '127.0.0.1:0'])
    expect(server.url).toBe('https://coder.example.com')
    await stop(server)
  })

  it('holds tokens to the longest life it was given', async () => {
    const server = await start(['--max-token-lifetime', '2h', '--dangerous-disable-rate-limits'])
    const account = { username: 'ada', email: 'ada@example.com', password: 'correct horse Battery 9 staple' }
    const post = (path: string, body: unknown, headers = {}) =>
      rawRequest(`${server.url}/api/v2${path}`, { method: 'POST', body: JSON.stringify(body), headers })
    await post('/users/first', account)
    const token = (await post('/users/login', account)).json().session_token as string
    const ask = (hours: number) =>
      post(
        '/users/me/keys/tokens',
        { token_name: randomUUID(), lifetime: hours * 3_600_000_000_000 },
        { 'coder-session-token': token },
      )
    expect((await ask(3)).status).toBe(400)
    expect((await ask(2)).status).toBe(201)
  })
})

describe('SIGHUP without TLS', () => {
  it('changes nothing for a service, as the unit file runs it', async () => {
    const server = await startAsService(dataDir())
    running.add(server)
    server.process.kill('SIGHUP')
    await waitFor('it is told', () =>
      server.complaints().includes('SIGHUP changes nothing') ? true : undefined,
    )
    expect((await rawRequest(`${server.url}/healthz`)).text).toBe('OK')
    expect(await stop(server)).toBe(0)
  })

  it('is the end of a terminal, and so of what ran in it', async () => {
    const { printed, hangUp, exited } = startInTerminal(['--data-dir', dataDir()])
    await waitFor('it answers', () => (printed().includes('"url"') ? true : undefined))
    hangUp()
    expect(await exited).toBe(0)
  })
})

describe('TLS', () => {
  const files = () => ({ certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') })
  const write = ({ cert, key } = createSelfSigned()) => {
    writeFileSync(files().certFile, cert)
    writeFileSync(files().keyFile, key)
  }
  const flags = () => [
    '--tls-enable',
    ...[
      '--tls-address',
      '127.0.0.1:0',
      '--tls-cert-file',
      files().certFile,
      '--tls-key-file',
      files().keyFile,
    ],
  ]

  it('is served from files that SIGHUP reads again; bad ones change nothing', async () => {
    write()
    const server = await start(flags())
    expect(server.url).toMatch(/^https:/)
    const first = await shown(server.url)
    write()
    server.process.kill('SIGHUP')
    await waitFor('the new certificate is shown', async () =>
      (await shown(server.url)) === first ? undefined : true,
    )
    const second = await shown(server.url)
    write({ ...createSelfSigned(), key: createSelfSigned().key })
    server.process.kill('SIGHUP')
    await waitFor('it complains', () =>
      server.complaints().includes('the old one stays') ? true : undefined,
    )
    expect(await shown(server.url)).toBe(second)
  })

  it('is refused in words when the files cannot be used', async () => {
    const run = () => runStandalone(['--data-dir', dataDir(), ...flags()])
    expect((await run()).complaints).toMatch(/^The certificate file .* is not there\.\n$/)
    const day = 86_400_000
    write(
      createSelfSigned({ notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) }),
    )
    expect(await run()).toMatchObject({ code: 1, complaints: expect.stringMatching(/expired on/) })
  })
})
