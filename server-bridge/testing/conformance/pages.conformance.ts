import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usersRoutes } from '../../contract/users.ts'
import { icons } from '../../server/http/icons.ts'
import { listShippedTemplates } from '../../provisioner/shipped-templates.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.memberClient('bob')
})
afterAll(() => server.close())

const get = (path: string) => rawRequest(server.url + path)
const signIn = (form: Record<string, string>, headers: Record<string, string> = { origin: server.url }) =>
  rawRequest(`${server.url}/cli-auth`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  })
const password = 'correct horse Battery 9 staple'

describe('pages for people', () => {
  it.each(['/', '/cli-auth'])('%s says what this is, for light and dark, and runs nothing', async (path) => {
    const page = await get(path)
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(page.text).not.toMatch(/<script|\son\w+=|style="|https?:\/\/(?!127\.0\.0\.1)/)
    expect(page.text).toContain('prefers-color-scheme: dark')
    expect(page.text).toMatch(/<html lang="en">/)
  })

  it('the sign-in form gives a token that works, once, without a cookie', async () => {
    const page = await signIn({ email: 'bob@example.com', password })
    expect(page.status).toBe(200)
    expect(page.headers['set-cookie']).toBeUndefined()
    expect(page.headers['cache-control']).toBe('no-store')
    const token = /<code>([0-9A-Za-z]{10}-[0-9A-Za-z]{22})<\/code>/.exec(page.text)?.[1]
    const me = await server.client(token).call(usersRoutes.get, { params: { user: 'me' } })
    expect(me.username).toBe('bob')
    expect(server.deployment.services.auditLog.newest(1)).toMatchObject([
      { action: 'login', status_code: 200 },
    ])
  })

  it('refuses a wrong password, a suspended account and half a form, each with the form again', async () => {
    const wrong = await signIn({ email: 'bob@example.com', password: 'x' })
    const unknown = await signIn({ email: 'nobody@example.com', password: 'x' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(wrong.text.replace('bob', 'nobody')).toBe(unknown.text)
    expect((await signIn({ email: 'bob@example.com' })).status).toBe(400)
    const { accounts } = server.deployment.services
    const bob = accounts.findByEmail('bob@example.com')!
    accounts.setStatus(bob.id, 'suspended')
    const suspended = await signIn({ email: 'bob@example.com', password })
    accounts.setStatus(bob.id, 'active')
    expect([suspended.status, suspended.text.includes('suspended')]).toEqual([401, true])
    expect(suspended.text).toContain('<form method="post"')
  })

  it('takes the form from itself only, and bounded', async () => {
    const form = { email: 'bob@example.com', password }
    expect((await signIn(form, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await signIn(form, { origin: 'null' })).status).toBe(403)
    expect((await signIn(form, {})).status).toBe(403)
    expect((await signIn(form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await signIn(form, { 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await signIn({ email: 'a', password: 'x'.repeat(10_000) })).status).toBe(413)
  })

  it('shows what somebody typed as text', async () => {
    const page = await signIn({ email: '"><script>alert(1)</script>', password: 'x' })
    expect(page.text).not.toContain('<script')
    expect(page.text).toContain('&quot;&gt;&lt;script&gt;')
  })
})

describe('files by fixed paths', () => {
  it.each(['/bin', '/bin/', '/bin/coder-linux-amd64', '/bin/coder-windows-amd64.exe', '/install.sh'])(
    '%s says in words that there is no CLI, and does nothing in a shell',
    async (path) => {
      const page = await get(path)
      expect([page.status, page.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
      expect(page.text).toContain('no coder CLI')
      const commands = page.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      expect(commands).toEqual(['exit 1'])
    },
  )

  it('icons are those that shipped templates name, drawn here', async () => {
    const shipped = await listShippedTemplates()
    const named = shipped.flatMap((template) => [
      template.icon,
      ...[
        ...Buffer.from(template.archive)
          .toString('latin1')
          .matchAll(/"(\/(?:icon|emojis)\/[^"]+)"/g),
      ].map(([, path]) => path ?? ''),
    ])
    for (const path of named.filter(Boolean)) {
      const { status, headers, text } = await get(path)
      expect([path, status, headers['content-type']]).toEqual([path, 200, 'image/svg+xml'])
      expect(text).toMatch(/^<svg xmlns=/)
    }
    for (const svg of icons.values()) expect(svg).not.toMatch(/<script|href|on\w+=/)
  })

  it.each([
    '/icon/nothing.svg',
    '/icon/..%2f..%2fpackage.json',
    '/icon/%2e%2e/%2e%2e/etc/passwd',
    '/icon/../../../etc/passwd',
    '/icon/folder.svg%00',
    '/emojis/1f600.png',
    '/icon/',
  ])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404)
  })
})
