import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSameKeySet, isWebAddress, kept, type McpServerState, serverProblems } from './mcp-server-rules.ts'

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/).map((text) => `X-${text}`)

const state = (change: Partial<McpServerState> = {}): McpServerState => ({
  display_name: 'Weather',
  slug: 'weather',
  url: 'https://mcp.example.com/mcp',
  auth_type: 'custom_headers',
  oauth2_client_id: '',
  oauth2_auth_url: '',
  oauth2_token_url: '',
  api_key_header: '',
  api_key_value: '',
  custom_headers: [],
  custom_headers_user_keys: ['X-Api-Key'],
  custom_headers_user_key_descriptions: [],
  ...change,
})
const placesOf = (change: Partial<McpServerState>) =>
  serverProblems(state(change)).map(({ field, index }) =>
    index === undefined ? field : `${field}.${String(index)}`,
  )

it('user keys pass when, trimmed, none repeats another or a fixed header, whatever their case', () => {
  fc.assert(
    fc.property(fc.array(name, { maxLength: 6 }), fc.uniqueArray(name, { maxLength: 3 }), (keys, fixed) => {
      fc.pre(keys.length + fixed.length > 0)
      fc.pre(new Set(fixed.map((key) => key.toLowerCase())).size === fixed.length)
      const lower = keys.map((key) => key.toLowerCase())
      const isAllowed =
        new Set(lower).size === keys.length && !fixed.some((key) => lower.includes(key.toLowerCase()))
      const problems = serverProblems(
        state({
          custom_headers: fixed.map((key) => [` ${key}`, 'v']),
          custom_headers_user_keys: keys.map((key) => ` ${key}\t`),
        }),
      )
      expect(problems.length === 0).toBe(isAllowed)
    }),
  )
})

it('an order does not make another set, a spelling does', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), (keys) => {
      expect(isSameKeySet(keys, [...keys].reverse())).toBe(true)
      expect(isSameKeySet(keys, keys.slice(1))).toBe(false)
      expect(isSameKeySet(keys, [`${keys[0]}-other`, ...keys.slice(1)])).toBe(false)
    }),
  )
})

describe('a problem is told at its entry', () => {
  it.each<[string[], Partial<McpServerState>]>([
    [['display_name', 'slug', 'url'], { display_name: ' ', slug: '', url: 'example.com' }],
    [['custom_headers_user_keys.1'], { custom_headers_user_keys: ['X-A', ' '] }],
    [['custom_headers_user_keys.2'], { custom_headers_user_keys: ['X-A', 'X-B', 'x-a'] }],
    [['custom_headers_user_keys.0'], { custom_headers: [['x-api-KEY', 'v']] }],
    [['custom_headers_user_keys.0'], { custom_headers_user_keys: ['Content-Length'] }],
    [['custom_headers_user_keys.0'], { custom_headers_user_keys: ['__proto__'] }],
    [
      ['custom_headers.1'],
      {
        custom_headers: [
          ['X-B', 'v'],
          ['x-b ', 'w'],
        ],
      },
    ],
    [['custom_headers.0'], { custom_headers: [['X-B', 'a\r\nX-C: d']] }],
    [['custom_headers'], { custom_headers_user_keys: [] }],
    [
      ['custom_headers_user_key_descriptions'],
      { custom_headers_user_key_descriptions: [['X-Other', 'text']] },
    ],
    [
      ['custom_headers_user_key_descriptions'],
      {
        custom_headers_user_key_descriptions: [
          ['X-Api-Key', 'a'],
          ['x-api-key', 'b'],
        ],
      },
    ],
    [['custom_headers_user_keys'], { auth_type: 'none' }],
    [
      ['custom_headers_user_key_descriptions'],
      {
        auth_type: 'none',
        custom_headers_user_keys: [],
        custom_headers_user_key_descriptions: [['X-A', 'a']],
      },
    ],
    [
      ['api_key_header', 'api_key_value'],
      { auth_type: 'api_key', custom_headers_user_keys: [], api_key_value: ' ' },
    ],
    [
      ['api_key_value'],
      { auth_type: 'api_key', custom_headers_user_keys: [], api_key_header: 'X-K', api_key_value: 'a\nb' },
    ],
    [
      ['oauth2_client_id', 'oauth2_token_url', 'oauth2_auth_url'],
      { auth_type: 'oauth2', custom_headers_user_keys: [], oauth2_auth_url: 'nowhere' },
    ],
  ])('%j', (places, change) => {
    expect(placesOf(change)).toEqual(places)
  })
})

it('secrets that are kept are there', () => {
  expect(placesOf({ custom_headers: kept, custom_headers_user_keys: [] })).toEqual([])
  expect(
    placesOf({
      auth_type: 'api_key',
      custom_headers_user_keys: [],
      api_key_header: 'X-Key',
      api_key_value: kept,
    }),
  ).toEqual([])
})

it('all three addresses of OAuth2 or none of them', () => {
  const oauth2 = { auth_type: 'oauth2', custom_headers_user_keys: [] }
  expect(placesOf(oauth2)).toEqual([])
  const provider = { oauth2_client_id: 'c', oauth2_auth_url: 'https://a.example' }
  expect(placesOf({ ...oauth2, ...provider })).toEqual(['oauth2_token_url'])
  expect(placesOf({ ...oauth2, ...provider, oauth2_token_url: 'https://a.example/t' })).toEqual([])
})

it('every web address can be parsed as one', () => {
  for (const text of ['http://a b', 'http://[', 'https://', 'file:///etc/passwd', 'https:/one', 'http://:80'])
    expect([text, isWebAddress(text)]).toEqual([text, false])
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.string().map((text) => `https://${text}`),
      ),
      (text) => {
        if (isWebAddress(text)) expect(new URL(text).host).not.toBe('')
      },
    ),
  )
})
