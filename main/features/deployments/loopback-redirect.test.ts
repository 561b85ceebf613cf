import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenForRedirect, type LoopbackRedirect } from './loopback-redirect.ts'

const issuer = 'https://coder.example.test'
const state = 'the-state-of-this-sign-in'
let redirect: LoopbackRedirect

beforeEach(async () => {
  redirect = await listenForRedirect({ state, issuer })
})
afterEach(() => redirect.close())

function ask(query: string, options: { path?: string; method?: string; host?: string } = {}) {
  const { host, port, pathname } = new URL(redirect.uri)
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = request({
        host: '127.0.0.1',
        port,
        path: `${options.path ?? pathname}?${query}`,
        method: options.method ?? 'GET',
        headers: { host: options.host ?? host },
      })
      sent.on('error', reject)
      sent.on('response', (response) => {
        let text = ''
        response.on('data', (part) => (text += String(part)))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        )
      })
      sent.end()
    },
  )
}

describe('waiting for the browser on this machine', () => {
  it('takes the code of the one answer with the state, and says that the page can be closed', async () => {
    const page = await ask(`code=abc&state=${state}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('You can close this page')
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect(await redirect.code).toBe('abc')
    expect((await ask(`code=other&state=${state}`)).status).toBe(404)
  })

  it.each([
    ['another state', 'code=evil&state=guessed', {}],
    ['no state', 'code=evil', {}],
    ['two states', `code=evil&state=${state}&state=x`, {}],
    ['an error of somebody who has no state', 'error=access_denied', {}],
    ['another path', `code=evil&state=${state}`, { path: '/' }],
    ['another method', `code=evil&state=${state}`, { method: 'POST' }],
    ['a name that was pointed here', `code=evil&state=${state}`, { host: 'evil.example' }],
    ['neither code nor error', `state=${state}`, {}],
    ['two codes', `code=evil&code=worse&state=${state}`, {}],
  ])('is not impressed by a request with %s', async (_, query, options) => {
    expect((await ask(query, options)).status).toBe(404)
    await ask(`code=real&state=${state}&iss=${encodeURIComponent(issuer)}`)
    expect(await redirect.code).toBe('real')
  })

  it('fails when the person says no, with the words of the provider and no markup of it on the page', async () => {
    const page = await ask(`error=access_denied&error_description=%3Cb%3ENo%3C%2Fb%3E&state=${state}`)
    expect(page.status).toBe(400)
    expect(page.text).not.toContain('<b>')
    await expect(redirect.code).rejects.toMatchObject({ code: 'access_denied' })
  })

  it('fails when another server than the one that was asked sends the browser back', async () => {
    await ask(`code=abc&state=${state}&iss=https%3A%2F%2Fevil.example`)
    await expect(redirect.code).rejects.toMatchObject({ code: 'invalid_issuer' })
  })

  it('listens on this machine only, and not after it was closed', async () => {
    expect(new URL(redirect.uri).hostname).toBe('127.0.0.1')
    redirect.close()
    await expect(ask(`code=abc&state=${state}`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
