import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOAuth2Client } from '#bridge/client/oauth2-client'
import { agreeInBrowser } from '../../../server-bridge/testing/coder-oauth2.ts'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { SecretsError } from '../../ports/secrets.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { startOAuth2Deployment, type OAuth2Deployment } from '../../testing/oauth2-deployment.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createPkce } from '#bridge/client/pkce'
import { createKeychain } from '../keychain/keychain.ts'
import { beginSession } from './oauth2-session.ts'
import { createRemoteCredentials } from './remote-credentials.ts'
import { createSessionEntries, type OAuth2Session } from './session-entries.ts'
import { createSessionRenewal } from './session-renewal.ts'

const id = 'acme'
const account = `deployment/${id}/session-token`
const HOUR_MS = 3_600_000
const { signal } = new AbortController()
let deployment: OAuth2Deployment
let clock: ReturnType<typeof createManualClock>
let secrets: ReturnType<typeof createFakeSecrets>
let discarded: string[]

beforeEach(async () => {
  deployment = await startOAuth2Deployment()
  deployment.oauth2.expiresIn = 3600
  clock = createManualClock()
  secrets = createFakeSecrets()
  discarded = []
})
afterEach(() => deployment.close())

/** The parts as they are after a start of the app. */
function start() {
  const logger = createRecordingLogger()
  const keychain = createKeychain({ secrets, logger })
  const entries = createSessionEntries(keychain)
  const renewal = createSessionRenewal({
    ...{ deploymentId: id, entries, clock, logger },
    refresh: (session) =>
      createOAuth2Client({ baseUrl: deployment.url, clock }).refresh(
        session.tokenEndpoint,
        session,
        session.refreshToken ?? '',
        signal,
      ),
    discard: async ({ accessToken }) => void discarded.push(accessToken),
  })
  const source = createRemoteCredentials({
    ...{ deploymentId: id, url: deployment.url, keychain, entries, renewal, clock },
    isTokenOptional: () => false,
  })
  return { entries, source, logger }
}

/** Signs in as the app does. */
async function signIn(): Promise<OAuth2Session> {
  const client = createOAuth2Client({ baseUrl: deployment.url, clock })
  const provider = await client.discover(signal)
  if (provider === undefined) throw new Error('There is no provider.')
  const redirectUri = 'http://127.0.0.1:1/callback'
  const registration = await client.register(provider, redirectUri, signal)
  const { verifier, challenge } = createPkce()
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: registration.clientId, redirect_uri: redirectUri, state: 's' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  })
  const back = await agreeInBrowser(`${provider.authorizationEndpoint}?${query.toString()}`)
  const given = { code: back.searchParams.get('code') ?? '', verifier, redirectUri }
  const tokens = await client.exchangeCode(provider, registration, given, signal)
  return beginSession(provider, registration, tokens, clock.now())
}
async function signedIn() {
  const parts = start()
  const session = await signIn()
  await parts.entries.keep(id, session)
  return { ...parts, session }
}
const refreshes = () =>
  deployment.oauth2.tokenRequests.filter((form) => form.get('grant_type') === 'refresh_token').length
const stored = () => JSON.parse(secrets.stored.get(account) ?? '{}') as OAuth2Session

describe('a session of the browser', () => {
  it('is renewed before it runs out, by itself while somebody listens', async () => {
    const { source, session } = await signedIn()
    let calls = 0
    const stop = source.onChange(() => (calls += 1))
    expect(await source.load()).toMatchObject({ token: session.accessToken, signInId: session.signInId })
    clock.advance(HOUR_MS - 11 * 60_000)
    expect([calls, refreshes()]).toEqual([0, 0])
    clock.advance(60_000)
    expect(calls).toBe(1)
    const renewed = await source.load()
    expect(renewed).toMatchObject({ kind: 'ready', signInId: session.signInId })
    expect(stored()).toMatchObject({ version: 1, accessToken: (renewed as { token: string }).token })
    expect(deployment.tokens.has(session.accessToken)).toBe(false)
    stop()
    expect(clock.pending).toBe(0)
  })

  it('is renewed once, however many are refused at the same time', async () => {
    const { source, session } = await signedIn()
    deployment.tokens.clear()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => source.refused(session.accessToken).then(() => source.load())),
    )
    expect(refreshes()).toBe(1)
    expect(new Set(answers.map((answer) => (answer as { token: string }).token)).size).toBe(1)
    // Who hears of the old one late gets the new one, and nothing is asked.
    expect(await source.refused(session.accessToken)).toBe(true)
    expect(refreshes()).toBe(1)
  })

  it('survives a crash after the new tokens were kept', async () => {
    const { source, session } = await signedIn()
    await source.refused(session.accessToken)
    const after = start()
    expect(await after.source.load()).toMatchObject({ kind: 'ready', token: stored().accessToken })
    expect(refreshes()).toBe(1)
  })

  it('says so when a crash came between the answer and the keychain, since a refresh token is good once', async () => {
    const { source, session } = await signedIn()
    const before = secrets.stored.get(account) ?? ''
    await source.refused(session.accessToken)
    secrets.stored.set(account, before)
    const after = start()
    expect(await after.source.refused(session.accessToken)).toBe(true)
    expect(await after.source.load()).toMatchObject({
      kind: 'unavailable',
      state: { kind: 'signed_out', reason: expect.stringContaining('could not be renewed') },
    })
    // It is not asked again and again.
    expect(refreshes()).toBe(2)
    await after.source.load()
    expect(refreshes()).toBe(2)
  })

  it('is used from memory while the keychain cannot be written, and kept once it can', async () => {
    const { source, session } = await signedIn()
    const { set } = secrets
    secrets.set = () => Promise.reject(new SecretsError('failed', 'It cannot be written.'))
    await source.refused(session.accessToken)
    const held = await source.load()
    expect(deployment.tokens.has((held as { token: string }).token)).toBe(true)
    expect(stored().accessToken).toBe(session.accessToken)
    secrets.set = set
    expect(await source.load()).toEqual(held)
    expect(stored().accessToken).toBe((held as { token: string }).token)
    expect(refreshes()).toBe(1)
  })

  it('goes on until it runs out while the deployment cannot be reached, and is kept after that', async () => {
    const { source, session } = await signedIn()
    source.onChange(() => undefined)
    await deployment.goDown()
    clock.advance(HOUR_MS - 5 * 60_000)
    expect(await source.load()).toMatchObject({ kind: 'ready', token: session.accessToken })
    clock.advance(6 * 60_000)
    await expect(source.load()).rejects.toMatchObject({ name: 'ConnectionError' })
    expect(stored().refreshToken).toBe(session.refreshToken)
    await deployment.comeUp()
    expect(await source.load()).toMatchObject({ kind: 'ready', token: stored().accessToken })
  })

  it.each([
    ['503', 503, { message: 'Later.' }],
    ['429', 429, { message: 'Slower.' }],
    ['a 403 of something in front of it', 403, { hello: 'proxy' }],
    ['a passing refusal', 400, { error: 'temporarily_unavailable' }],
  ])('is kept over %s', async (_, status, body) => {
    const { source, session } = await signedIn()
    deployment.oauth2.beforeToken = async () => ({ status, body })
    await expect(source.refused(session.accessToken)).rejects.toThrow()
    deployment.oauth2.beforeToken = async () => undefined
    expect(await source.refused(session.accessToken)).toBe(true)
    expect(await source.load()).toMatchObject({ kind: 'ready', token: stored().accessToken })
  })

  it('works on until it runs out when it cannot be renewed any more', async () => {
    const { source, session } = await signedIn()
    deployment.oauth2.beforeToken = async () => ({ status: 400, body: { error: 'invalid_grant' } })
    clock.advance(HOUR_MS - 5 * 60_000)
    expect(await source.load()).toMatchObject({ kind: 'ready', token: session.accessToken })
    clock.advance(6 * 60_000)
    expect(await source.load()).toMatchObject({ kind: 'unavailable', state: { kind: 'signed_out' } })
  })

  it('keeps its refresh token where the deployment gives no new one', async () => {
    const { source, session } = await signedIn()
    deployment.oauth2.beforeToken = async () => ({
      status: 200,
      body: { access_token: 'seeded-secret-fresh', token_type: 'bearer' },
    })
    await source.refused(session.accessToken)
    expect(stored()).toMatchObject({
      accessToken: 'seeded-secret-fresh',
      refreshToken: session.refreshToken,
      renewAt: null,
    })
  })

  it('gives way to a sign-in that came while it was renewed, and what that renewal brought is ended', async () => {
    const { source, entries, session } = await signedIn()
    const other = await signIn()
    deployment.oauth2.beforeToken = async (form) => {
      if (form.get('refresh_token') === session.refreshToken) await entries.keep(id, other)
      return undefined
    }
    await source.refused(session.accessToken)
    expect(await source.load()).toMatchObject({ token: other.accessToken, signInId: other.signInId })
    expect(stored()).toEqual(other)
    expect(discarded).toHaveLength(1)
  })

  it('is no session when the record is not one this app can read', async () => {
    const { source } = start()
    for (const text of ['{"version":2}', '{damaged']) {
      secrets.stored.set(account, text)
      expect(await source.load()).toMatchObject({
        state: { kind: 'signed_out', reason: expect.stringContaining('cannot be read') },
      })
    }
  })

  it('is in no line of the log', async () => {
    const { source, session, logger } = await signedIn()
    await source.refused(session.accessToken)
    deployment.oauth2.beforeToken = async (form) => ({
      status: 400,
      body: { error: 'invalid_grant', error_description: `No: ${form.get('refresh_token') ?? ''}` },
    })
    await source.refused(stored().accessToken)
    expect(logger.lines.join('')).toContain('cannot be renewed')
    expect(logger.lines.join('')).not.toContain('seeded-secret')
  })
})
