import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pickChildEnvironment } from '../../lib/child-environment.ts'
import { systemClock } from '../../lib/clock.ts'
import { programThatRuns, writeVersionScript } from '../../testing/coder-cli-program.ts'
import { signedFile } from '../../testing/signed-file.ts'
import { startStubServer, type StubServer } from '../../testing/stub-server.ts'
import { ensureCli, type InstallOptions } from './installed-cli.ts'

const isHere = process.platform === 'linux' && process.arch === 'x64'
const name = 'coder-linux-amd64'

let folder: string
let server: StubServer
let offered: { readonly bytes: Buffer; readonly type?: string; readonly etag?: string } | undefined
let signature: string | undefined
let progress: (readonly [number, number | undefined])[]

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex')

function answer(response: ServerResponse, ifNoneMatch: string | undefined): void {
  if (offered === undefined) {
    response.writeHead(404).end()
    return
  }
  const etag = `"${offered.etag ?? sha1(offered.bytes)}"`
  if (ifNoneMatch === etag) response.writeHead(304).end()
  else response.writeHead(200, { etag, 'content-length': offered.bytes.length }).end(offered.bytes)
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-cli-'))
  offered = { bytes: programThatRuns(writeVersionScript(folder, 'v2.20.0')) }
  signature = undefined
  progress = []
  server = await startStubServer({
    onRequest(request, response) {
      if (request.url === `/bin/${name}`) answer(response, request.headers['if-none-match'])
      else if (request.url === `/bin/${name}.asc` && signature !== undefined)
        response.writeHead(200).end(signature)
      else response.writeHead(404).end()
    },
  })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const place = () => join(folder, 'cli')
const ensure = (more: Partial<InstallOptions> = {}) =>
  ensureCli({
    folder: place(),
    signature: 'none',
    baseUrl: server.url,
    version: 'v2.20.0',
    fetch: globalThis.fetch,
    plainFetch: () => Promise.reject(new Error('Nobody else was to be asked.')),
    clock: systemClock,
    environment: pickChildEnvironment(process.env),
    platform: 'linux',
    arch: 'x64',
    signal: new AbortController().signal,
    onProgress: (received, total) => progress.push([received, total]),
    ...more,
  })
const asked = () => server.requests.map(({ url }) => url)

describe.runIf(isHere)("the deployment's command line", () => {
  it('is downloaded once, as long as the deployment has that version', async () => {
    const cli = await ensure()
    expect(cli).toEqual({ program: join(place(), `unchecked-${name}`), version: 'v2.20.0' })
    expect(progress.at(-1)).toEqual([offered?.bytes.length, offered?.bytes.length])
    expect(await ensure()).toEqual(cli)
    expect(asked()).toEqual([`/bin/${name}`])
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity')
    expect(readdirSync(place())).toEqual([`unchecked-${name}`])
  })

  it('is downloaded anew for another version, and not where the deployment still has the same file', async () => {
    await ensure()
    offered = { bytes: programThatRuns(writeVersionScript(folder, 'v2.21.0')) }
    expect(await ensure({ version: 'v2.21.0' })).toMatchObject({ version: 'v2.21.0' })
    expect(readdirSync(place()).sort()).toEqual([`old-unchecked-${name}`, `unchecked-${name}`])
    // A deployment whose own program tells another version than it does.
    expect(await ensure({ version: 'v2.22.0' })).toMatchObject({ version: 'v2.21.0' })
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe(`"${sha1(offered.bytes)}"`)
  })

  it('of before is used while no new one can be had', async () => {
    await ensure()
    offered = undefined
    expect(await ensure({ version: 'v3.0.0' })).toMatchObject({
      version: 'v2.20.0',
      outdated: expect.stringContaining('has no command line for this computer') as string,
    })
    rmSync(place(), { recursive: true })
    await expect(ensure({ version: 'v3.0.0' })).rejects.toMatchObject({ code: 'not_offered' })
  })

  it.each([
    ['a page in its place', Buffer.from('<html>Sign in</html>'), undefined, 'not_a_program'],
    ['one that arrived damaged', Buffer.from('\x7fELF'), '0'.repeat(40), 'network'],
    ['one that does not run', Buffer.from('\x7fELF and nothing behind'), undefined, 'unusable'],
  ])('is not taken: %s', async (_what, bytes, etag, code) => {
    offered = { bytes, ...(etag === undefined ? {} : { etag }) }
    await expect(ensure()).rejects.toMatchObject({ code })
    expect(readdirSync(place())).toEqual([])
  })

  it('is not run without a signature that fits, where one is wanted', async () => {
    await expect(ensure({ signature: 'deployment' })).rejects.toMatchObject({ code: 'unsigned' })
    signature = '<html>Sign in</html>'
    await expect(ensure({ signature: 'deployment' })).rejects.toMatchObject({ code: 'unsigned' })
    signature = signedFile.signature
    const wanted = { signature: 'deployment', publicKey: signedFile.publicKey } as const
    await expect(ensure(wanted)).rejects.toMatchObject({ code: 'bad_signature' })
    // One that came unchecked before is no way around it.
    await ensure()
    await expect(ensure(wanted)).rejects.toMatchObject({ code: 'bad_signature' })
  })

  it("has its signature asked for at Coder's where the user allows it, without what the deployment's requests carry", async () => {
    const others: [string, HeadersInit | undefined][] = []
    await expect(
      ensure({
        version: 'v2.20.0+abc',
        signature: 'published',
        publicKey: signedFile.publicKey,
        fetch: (url, init) => {
          const headers = new Headers(init?.headers)
          headers.set('X-Secret', 's')
          return globalThis.fetch(url, { ...init, headers })
        },
        plainFetch: (url, init) => {
          others.push([(url as URL).href, init?.headers])
          return Promise.resolve(new Response(signedFile.signature))
        },
      }),
    ).rejects.toMatchObject({ code: 'bad_signature' })
    expect(others).toEqual([
      [`https://releases.coder.com/coder-cli/2.20.0/${name}.asc`, { 'Accept-Encoding': 'identity' }],
    ])
    expect(server.requests[0]?.headers['x-secret']).toBe('s')
  })

  it('is downloaded by one of several that want it at once', async () => {
    await Promise.all([ensure(), ensure(), ensure()])
    expect(asked().filter((url) => url === `/bin/${name}`)).toHaveLength(1)
    expect(existsSync(join(place(), '.lock'))).toBe(false)
  })

  it('does not wait for an instance that died while it downloaded', async () => {
    await ensure()
    rmSync(join(place(), `unchecked-${name}`))
    const lock = join(place(), '.lock')
    writeFileSync(lock, '')
    utimesSync(lock, 0, 0)
    writeFileSync(join(place(), '.part-left'), 'half')
    await ensure()
    expect(readdirSync(place())).toEqual([`unchecked-${name}`])
  })

  it('is one the user chose, by file or folder, and nothing is downloaded', async () => {
    const chosen = writeVersionScript(folder, 'v1.0.0')
    expect(await ensure({ chosen })).toEqual({ program: chosen, version: 'v1.0.0' })
    await expect(ensure({ chosen: join(folder, 'none') })).rejects.toThrow('there is no such file')
    await expect(ensure({ chosen: folder })).rejects.toThrow('there is no such file')
    expect(asked()).toEqual([])
  })

  it('says that a download was cancelled, and leaves nothing', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(ensure({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
    expect(readdirSync(place())).toEqual([])
  })
})
