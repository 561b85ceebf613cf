import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contentSecurityPolicy } from '../security/content-security-policy.ts'

const recording = await vi.hoisted(async () => {
  const { createRecordingElectron } = await import('../testing/recording-electron.ts')
  return createRecordingElectron()
})
vi.mock('electron', () => recording.electron)
const { registerAppScheme, serveApp } = await import('./app-protocol.ts')

const folder = mkdtempSync(join(tmpdir(), 'outpost-scheme-'))
const root = join(folder, 'renderer')

beforeAll(() => {
  mkdirSync(join(root, 'assets'), { recursive: true })
  mkdirSync(join(folder, 'renderer-evil'))
  writeFileSync(join(root, 'index.html'), '<!doctype html>')
  writeFileSync(join(root, 'assets/main.js'), 'export {}')
  writeFileSync(join(folder, 'secret.json'), '{"secret":true}')
  writeFileSync(join(folder, 'renderer-evil/evil.js'), 'evil')
  symlinkSync(join(folder, 'secret.json'), join(root, 'link.json'))
  symlinkSync(folder, join(root, 'up'))
  symlinkSync(join(root, 'assets'), join(root, 'inside'))
  symlinkSync('loop.json', join(root, 'loop.json'))
  registerAppScheme()
  serveApp(root)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function ask(
  url: string,
  init: { method?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const call = recording.calls.find(({ name }) => name === 'protocol.handle')
  const answer = call?.args[1] as (request: object) => Promise<Response>
  return answer({ method: 'GET', headers: {}, ...init, url })
}

describe('the app scheme', () => {
  it('is registered once, standard and secure, without service workers and without a way round the policy', () => {
    const registered = recording.calls.filter(({ name }) => name === 'registerSchemesAsPrivileged')
    expect(registered.map(({ args }) => args)).toEqual([
      [
        [
          {
            scheme: 'app',
            privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
          },
        ],
      ],
    ])
  })

  it('serves files of the output with the policy, whatever the query', async () => {
    for (const url of [
      'app://outpost/index.html',
      'app://outpost/index.html?x=1',
      'app://outpost/inside/main.js',
    ]) {
      const answer = await ask(url)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
      expect((await answer.text()).length).toBeGreaterThan(0)
    }
  })

  it('answers HEAD without a body', async () => {
    const answer = await ask('app://outpost/index.html', { method: 'HEAD' })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
  })

  it.each([
    ['a link out of the folder', 'app://outpost/link.json', 404],
    ['a file behind a linked folder', 'app://outpost/up/secret.json', 404],
    ['a link to itself', 'app://outpost/loop.json', 404],
    ['a folder with the same prefix', 'app://outpost/%2e%2e%2frenderer-evil/evil.js', 403],
    ['the folder above', 'app://outpost/..%2fsecret.json', 403],
    ['a backslash', 'app://outpost/..%5csecret.json', 400],
    ['NUL', 'app://outpost/index.html%00.js', 400],
    ['an escape that is none', 'app://outpost/%zz.js', 400],
    ['what is not there', 'app://outpost/nothing.js', 404],
    ['a file below a file', 'app://outpost/index.html/x.js', 404],
    ['a name no file system takes', `app://outpost/${'x'.repeat(5000)}.js`, 404],
    ['another host', 'app://other/index.html', 403],
  ])('refuses %s, with the policy all the same', async (_, url, status) => {
    const answer = await ask(url)
    expect([answer.status, await answer.text()]).toEqual([status, ''])
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
  })

  it('copies nothing of the request into the headers of its answer', async () => {
    const answer = await ask('app://outpost/index.html?x=%0d%0aX-Evil:%201', {
      headers: { 'x-evil': 'marked', origin: 'https://marked.example', range: 'bytes=0-1' },
    })
    expect(JSON.stringify([...answer.headers])).not.toMatch(/marked|evil|x=/i)
  })
})
