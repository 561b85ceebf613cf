import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createMcpServerConfigRequestSchema,
  updateMcpServerConfigRequestSchema,
} from '#bridge/contract/mcp-servers'
import {
  changeSettings,
  createSettings,
  type McpServerSettings,
} from '#bridge/server/services/mcp/server-settings'
import { sampleMcpServer } from '../../testing/wire-samples.ts'
import { changesOf, draftProblems, newServer } from './draft-request.ts'
import { blankDraft, draftOf, noSecrets, type ServerDraft, type TypedSecrets } from './server-draft.ts'

/** Texts around the borders of every rule. */
const headerName = fc.oneof(
  fc.constantFrom('X-A', 'x-a', ' X-A ', 'X-B', 'X-Tenant', '', '  ', 'X Ä', 'Content-Length', '__proto__'),
  fc.string({ maxLength: 4 }),
)
const secret = fc.constantFrom('', ' ', 'value', 'a\nb', 'a\0b', ' padded ')
const address = fc.constantFrom(
  '',
  'https://a.example',
  'http://[',
  'nowhere',
  ' https://b.example/t ',
  'ftp://a',
)
const words = fc.constantFrom('', '  ', 'Weather', ' spaced ')

const draftArbitrary: fc.Arbitrary<readonly [ServerDraft, TypedSecrets]> = fc
  .record({
    display_name: words,
    slug: words,
    url: address,
    auth_type: fc.constantFrom('none', 'oauth2', 'api_key', 'custom_headers', 'user_oidc'),
    discovers: fc.boolean(),
    client: words,
    authUrl: address,
    tokenUrl: address,
    keyHeader: headerName,
    apiKey: fc.option(secret, { nil: undefined }),
    fixed: fc.array(fc.tuple(headerName, secret), { maxLength: 3 }),
    keys: fc.array(fc.tuple(headerName, words), { maxLength: 3 }),
  })
  .map((one) => [
    {
      ...blankDraft,
      display_name: one.display_name,
      slug: one.slug,
      url: one.url,
      auth_type: one.auth_type,
      discovers: one.discovers,
      oauth2_client_id: one.client,
      oauth2_auth_url: one.authUrl,
      oauth2_token_url: one.tokenUrl,
      api_key_header: one.keyHeader,
      custom_headers: one.fixed.map(([name], index) => ({ id: `f${index}`, name })),
      user_keys: one.keys.map(([name, description], index) => ({ id: `k${index}`, name, description })),
    },
    {
      clientSecret: undefined,
      apiKey: one.apiKey,
      headerValues: Object.fromEntries(one.fixed.map(([, value], index) => [`f${index}`, value])),
    },
  ])

function accepts(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

/** A map cannot hold a name twice, nor its own prototype: the server never hears of what a form must refuse. */
const fitsNoMap = ({ auth_type: type, custom_headers: rows }: ServerDraft): boolean =>
  type === 'custom_headers' &&
  (new Set(rows.map(({ name }) => name.trim())).size < rows.length ||
    rows.some(({ name }) => name === '__proto__'))
/** The form asks for the provider's three when they are to be typed; to the server it means that it shall ask. */
const asksForProvider = (draft: ServerDraft): boolean =>
  draft.auth_type === 'oauth2' &&
  !draft.discovers &&
  [draft.oauth2_client_id, draft.oauth2_auth_url, draft.oauth2_token_url].every((text) => text.trim() === '')

describe('form and server agree', () => {
  it('on every new server', () => {
    let valid = 0
    fc.assert(
      fc.property(draftArbitrary, ([draft, secrets]) => {
        fc.pre(!fitsNoMap(draft) && !asksForProvider(draft))
        const isValid = draftProblems(draft, secrets, undefined).length === 0
        const request = newServer(draft, secrets)
        expect(accepts(() => createSettings(createMcpServerConfigRequestSchema.parse(request)))).toBe(isValid)
        valid += Number(isValid)
      }),
      { numRuns: 3000 },
    )
    expect(valid).toBeGreaterThan(30)
  })

  it('on every change of a server', () => {
    const config = sampleMcpServer({ url: 'https://a.example', transport: 'sse' })
    const stored: McpServerSettings = createSettings(
      createMcpServerConfigRequestSchema.parse(newServer(draftOf(config), noSecrets)),
    )
    fc.assert(
      fc.property(draftArbitrary, ([draft, secrets]) => {
        fc.pre(!fitsNoMap(draft) && !asksForProvider(draft))
        const isValid = draftProblems(draft, secrets, config).length === 0
        const changes = changesOf(config, draft, secrets)
        const apply = () => changeSettings(stored, updateMcpServerConfigRequestSchema.parse(changes))
        expect(accepts(apply)).toBe(isValid)
        if (isValid)
          expect(apply()).toMatchObject({
            displayName: draft.display_name.trim(),
            authType: draft.auth_type,
            userKeys: {
              keys:
                draft.auth_type === 'custom_headers' ? draft.user_keys.map(({ name }) => name.trim()) : [],
            },
          })
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a change', () => {
  const config = sampleMcpServer({
    url: 'https://a.example',
    transport: 'sse',
    has_custom_headers: true,
    custom_headers_user_key_descriptions: { 'X-Api-Key': 'From your profile' },
  })
  const change = (draft: Partial<ServerDraft>, secrets: Partial<TypedSecrets> = {}) =>
    changesOf(config, { ...draftOf(config), ...draft }, { ...noSecrets, ...secrets })

  it('sends nothing when nothing was changed', () => {
    expect(change({})).toEqual({})
  })

  it('sends only the fields that were changed', () => {
    expect(change({ description: ' New ', enabled: false })).toEqual({ description: 'New', enabled: false })
    expect(change({ tool_allow_list: ['read'] })).toEqual({ tool_allow_list: ['read'] })
  })

  it('sends keys and descriptions each on its own', () => {
    const row = { id: 'a', name: 'X-Api-Key', description: 'From your profile' }
    expect(change({ user_keys: [{ ...row, description: 'Ask Ada' }] })).toEqual({
      custom_headers_user_key_descriptions: { 'X-Api-Key': 'Ask Ada' },
    })
    expect(change({ user_keys: [row, { id: 'b', name: 'X-B', description: '' }] })).toEqual({
      custom_headers_user_keys: ['X-Api-Key', 'X-B'],
    })
  })

  it('replaces and removes stored headers as a whole, and leaves them alone otherwise', () => {
    expect(change({ keeps_headers: false })).toEqual({ custom_headers: {} })
    expect(
      change(
        { keeps_headers: false, custom_headers: [{ id: 'f', name: 'X-T' }] },
        { headerValues: { f: 'v' } },
      ),
    ).toEqual({ custom_headers: { 'X-T': 'v' } })
  })

  it('of the sign-in sends all of the new one', () => {
    expect(change({ auth_type: 'api_key', api_key_header: 'X-K' }, { apiKey: 'v' })).toEqual({
      auth_type: 'api_key',
      api_key_header: 'X-K',
      api_key_value: 'v',
    })
    expect(change({ auth_type: 'oauth2', discovers: true })).toMatchObject({
      auth_type: 'oauth2',
      oauth2_client_id: '',
    })
  })
})

it('a provider that is to be typed is asked for', () => {
  const draft = { ...blankDraft, display_name: 'A', slug: 'a', url: 'https://a.example', auth_type: 'oauth2' }
  expect(draftProblems({ ...draft, discovers: true }, noSecrets, undefined)).toEqual([])
  expect(
    draftProblems({ ...draft, discovers: false }, noSecrets, undefined).map(({ field }) => field),
  ).toEqual(['oauth2_client_id', 'oauth2_auth_url', 'oauth2_token_url'])
})
