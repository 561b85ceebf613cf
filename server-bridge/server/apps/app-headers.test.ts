import { expect, test } from 'vitest'
import { headersForApp, headersFromApp, withoutOwnQuery } from './app-headers.ts'

const token = `${'a'.repeat(10)}-${'b'.repeat(22)}`

test('takes credentials out of a query, and leaves the rest byte for byte', () => {
  expect(withoutOwnQuery('/a?b=%2F+c&&d')).toBe('/a?b=%2F+c&&d')
  expect(withoutOwnQuery(`/a?coder_session_token=${token}`)).toBe('/a')
  expect(withoutOwnQuery(`/a?x=%20&coder%5Fsession_token=x&y`)).toBe('/a?x=%20&y')
  expect(withoutOwnQuery(`/a?access_token=${token}&access_token=other`)).toBe('/a?access_token=other')
  expect(withoutOwnQuery('/a?')).toBe('/a?')
})

test('takes credentials and what belongs to the connection out of headers', () => {
  const headers = {
    host: 'localhost:1',
    connection: 'keep-alive, x-y',
    'keep-alive': 'timeout=5',
    'coder-session-token': token,
    authorization: `bearer  ${token}`,
    cookie: `a=1; coder_session_token=${token}; b=coder_session_token=2;coder_signed_app_token=x`,
    accept: '*/*',
  }
  expect(headersForApp(headers, '127.0.0.1')).toEqual({
    host: 'localhost:1',
    cookie: 'a=1; b=coder_session_token=2',
    accept: '*/*',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'localhost:1',
    'x-forwarded-proto': 'http',
  })
  expect(headersForApp({ authorization: 'Basic eDp5' }, '')['authorization']).toBe('Basic eDp5')
})

test('keeps the order and the repeats of an answer’s headers', () => {
  const raw = [
    'Set-Cookie',
    'a=1',
    'SET-COOKIE',
    'csrf_token=x',
    'set-cookie',
    'b=2',
    'Access-Control-Max-Age',
    '1',
  ]
  expect(headersFromApp([...raw, 'Transfer-Encoding', 'chunked', 'X', 'y'])).toEqual([
    ['Set-Cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['X', 'y'],
  ])
})
