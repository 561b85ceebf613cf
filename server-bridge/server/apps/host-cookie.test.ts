import { expect, test } from 'vitest'
import { createAppHosts } from './app-hosts.ts'
import { hostCookie, hostCookieName, isHostCookieName } from './host-cookie.ts'

const read = (accessUrl: string, slug: string) =>
  createAppHosts('*.apps.example.com', accessUrl).read(`${slug}--dev--ada.apps.example.com`)!

test('is bound to its host by name, and over TLS by the browser', () => {
  const plain = read('http://coder.example.com', 'web')
  expect(hostCookie(plain, 'x')).toMatch(
    /^coder_subdomain_app_session_token_[0-9a-f]{8}=x; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/,
  )
  const secure = read('https://coder.example.com', 'web')
  expect(hostCookie(secure, 'x')).toMatch(
    /^__Host-coder_subdomain_app_session_token_\w{8}=x; Path=\/; .*; Secure$/,
  )
  expect(hostCookieName(secure)).not.toBe(hostCookieName(read('https://coder.example.com', 'other')))
})

test('is known as ours under either name', () => {
  for (const name of ['coder_subdomain_app_session_token_0', '__Host-coder_subdomain_app_session_token_0'])
    expect(isHostCookieName(name)).toBe(true)
  for (const name of ['', 'session', 'x_coder_subdomain_app_session_token_0', '__Secure-x'])
    expect(isHostCookieName(name)).toBe(false)
})
