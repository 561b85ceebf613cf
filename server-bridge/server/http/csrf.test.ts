import { describe, expect, it } from 'vitest'
import { isAppPageRequest, passesCsrfCheck } from './csrf.ts'
import { requestAddress } from './request-path.ts'

const cookie = 'aaaaaaaaaa-bbbbbbbbbbbbbbbbbbbbbb'
const requestOf = (target: string, init: RequestInit): Request => new Request(requestAddress(target), init)
/** Spellings that the routes take for `/api/v2/users/me/keys`. */
const spellings = [
  '/api/v2/users/me/keys',
  '//api/v2/users/me/keys',
  '/api//v2/users/me/keys/',
  '/./api/v2/users/me/keys',
  '/\\api/v2/users/me/keys',
]

describe.each(spellings)('%s', (target) => {
  it('is refused to a page of an app', () => {
    const headers = { 'sec-fetch-site': 'same-origin' }
    expect(isAppPageRequest(requestOf(target, { headers }), cookie)).toBe(true)
    expect(isAppPageRequest(requestOf(target, { headers: { 'sec-fetch-site': 'none' } }), cookie)).toBe(false)
    expect(isAppPageRequest(requestOf(target, { headers }), undefined)).toBe(false)
  })

  it('is refused when the cookie alone signs it', () => {
    const method = 'POST'
    expect(passesCsrfCheck(requestOf(target, { method }), cookie)).toBe(false)
    const headers = { 'coder-session-token': cookie }
    expect(passesCsrfCheck(requestOf(target, { method, headers }), cookie)).toBe(true)
    expect(passesCsrfCheck(requestOf(`${target}?coder_session_token=${cookie}`, { method }), cookie)).toBe(
      true,
    )
  })
})

it('the paths that Coder leaves out are left out in every spelling', () => {
  for (const target of ['/api/v2/users/first', '//api/v2/users/first/', '/api//v2/workspaceagents/me/x'])
    expect(passesCsrfCheck(requestOf(target, { method: 'POST' }), cookie)).toBe(true)
})

it('a path outside of the API is its own', () => {
  const headers = { 'sec-fetch-site': 'same-origin' }
  expect(isAppPageRequest(requestOf('/@ada/w/apps/web/api', { headers }), cookie)).toBe(false)
})
