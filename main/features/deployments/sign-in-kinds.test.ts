import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Deployment, DeploymentState } from '#ipc/deployments'
import { agreeInBrowser } from '../../../server-bridge/testing/coder-oauth2.ts'
import { startHarness, type AppHarness, type HarnessOptions } from '../../testing/app-harness.ts'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { startOAuth2Deployment, type OAuth2Deployment } from '../../testing/oauth2-deployment.ts'
import { startStubDeployment, type StubAnswer, type StubDeployment } from '../../testing/stub-deployment.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: HarnessOptions = {}): Promise<AppHarness> {
  const harness = await startHarness(options)
  closers.push(() => harness.close())
  return harness
}
async function failure(call: Promise<unknown>): Promise<CallFailure['error']> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof CallFailure) return thrown.error
  throw new Error('It did not fail as a call does.')
}
async function until(harness: AppHarness, id: string, kind: DeploymentState['kind']): Promise<Deployment> {
  const watch = harness.page.subscribe('deployments.watch', {})
  const isThere = (one: Deployment) => one.id === id && one.state.kind === kind
  const view = await watch.next(({ deployments }) => deployments.some(isThere))
  watch.cancel()
  return view.deployments.find(isThere) as Deployment
}
async function waitFor<T>(read: () => T | undefined): Promise<T> {
  for (;;) {
    const value = read()
    if (value !== undefined) return value
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Accounts that hold a session. */
function sessionsOf({ secrets }: AppHarness): string[] {
  return [...secrets.stored.keys()].filter((account) => account.endsWith('/session-token'))
}

describe('signing in with a password', () => {
  const email = 'ada@example.test'
  const password = 'seeded-secret-Ada-7-Lovelace'
  const login = 'Loginlogin-0123456789abcdefghijkl'
  const key = 'Keykeykeyk-0123456789abcdefghijkl'
  let remote: StubDeployment
  let answers: Map<string, StubAnswer>

  beforeEach(async () => {
    remote = await startStubDeployment(login)
    closers.push(() => remote.close())
    answers = new Map<string, StubAnswer>([
      ['POST /api/v2/users/login', { status: 201, body: { session_token: login } }],
      ['POST /api/v2/users/me/keys', { status: 201, body: { key } }],
      ['DELETE /api/v2/users/me/keys/Loginlogin', { status: 204 }],
    ])
    remote.override = ({ method, path }) => {
      if (path === '/api/v2/users/me/keys') remote.tokens.add(key)
      if (method === 'DELETE') remote.tokens.delete(login)
      return answers.get(`${method} ${path}`)
    }
  })
  const add = (harness: AppHarness) =>
    harness.page.call('deployments.add', {
      url: remote.url,
      name: '',
      credential: { kind: 'password', email, password },
    })

  it('keeps a key that lasts, ends the session of the sign-in, and has the password nowhere', async () => {
    const harness = await start()
    const { id } = await add(harness)
    await until(harness, id, 'connected')
    expect(harness.secrets.stored.get(`deployment/${id}/session-token`)).toBe(key)
    expect([...remote.tokens]).toEqual([key])
    expect(remote.requests.filter(({ body }) => body.includes(password))).toHaveLength(1)
    const written = JSON.stringify([...harness.secrets.stored, harness.page.received, harness.logger.lines])
    expect(written).not.toContain(password)
  })

  it('keeps the session itself where the deployment lets nobody make keys', async () => {
    answers.set('POST /api/v2/users/me/keys', { status: 403, body: { message: 'Forbidden.' } })
    const harness = await start()
    const { id } = await add(harness)
    expect(harness.secrets.stored.get(`deployment/${id}/session-token`)).toBe(login)
  })

  it.each<[string, number, object, string, RegExp]>([
    [
      'a wrong password',
      401,
      { message: 'Incorrect email or password.' },
      'password_refused',
      /does not accept this email and password/,
    ],
    [
      'a suspended account',
      401,
      { message: 'User is not active (status = "suspended").' },
      'account_suspended',
      /is suspended\. Ask an administrator/,
    ],
    [
      'an account of another kind',
      403,
      { message: 'Incorrect login type' },
      'sign_in_refused',
      /does not sign in .* with a password/,
    ],
    ['too many attempts', 429, { message: 'Slow down.' }, 'too_many_attempts', /too many attempts/],
  ])('says in words what is wrong: %s', async (_, status, body, code, words) => {
    answers.set('POST /api/v2/users/login', { status, body })
    const harness = await start()
    const error = await failure(add(harness))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(words)
    expect(JSON.stringify(error)).not.toContain(password)
    expect(sessionsOf(harness)).toEqual([])
  })

  it('says how long to wait where the deployment does', async () => {
    const body = { message: 'Slow down.' }
    answers.set('POST /api/v2/users/login', { status: 429, body, headers: { 'retry-after': '7' } })
    expect((await failure(add(await start()))).message).toContain('Wait 7 seconds')
  })

  it('asks for no password where the keychain is locked, since nothing could be kept', async () => {
    const harness = await start({ secrets: createFakeSecrets({ kind: 'locked', backend: 'Test Keyring' }) })
    expect((await failure(add(harness))).code).toBe('keychain_locked')
    expect(remote.requests.some(({ path }) => path.endsWith('/login'))).toBe(false)
  })
})

describe('signing in with the browser', () => {
  let remote: OAuth2Deployment
  beforeEach(async () => {
    remote = await startOAuth2Deployment()
    closers.push(() => remote.close())
  })

  function begin(harness: AppHarness, attemptId: string = randomUUID()) {
    const added = harness.page.call('deployments.add', {
      url: remote.url,
      name: '',
      credential: { kind: 'browser', attemptId },
    })
    added.catch(() => undefined)
    const opened = (at = 0) => waitFor(() => harness.desktop.opened[at])
    return { added, opened, attemptId }
  }
  async function signIn(harness: AppHarness): Promise<Deployment> {
    const { added, opened } = begin(harness)
    await (await fetch(await agreeInBrowser(await opened()))).text()
    return added
  }
  const entryOf = (harness: AppHarness, id: string) =>
    JSON.parse(harness.secrets.stored.get(`deployment/${id}/session-token`) ?? '{}') as Record<
      string,
      unknown
    >

  it('is offered where the deployment has it, and there alone', async () => {
    const { page } = await start()
    const methods = async () => (await page.call('deployments.probe', { url: remote.url })).methods
    expect(await methods()).toEqual({ password: true, browser: true })
    remote.oauth2.metadata = null
    expect(await methods()).toEqual({ password: true, browser: false })
    remote.oauth2.metadata = { issuer: 'https://evil.example' }
    expect(await methods()).toEqual({ password: true, browser: false })
  })

  it('adds the deployment with tokens that lie together in the keychain, and nowhere else', async () => {
    remote.oauth2.expiresIn = 3600
    const harness = await start()
    const { id } = await signIn(harness)
    await until(harness, id, 'connected')
    expect(entryOf(harness, id)).toMatchObject({
      version: 1,
      kind: 'oauth2',
      accessToken: [...remote.tokens][0],
      refreshToken: expect.stringContaining('seeded-secret-refresh'),
      clientSecret: expect.stringContaining('seeded-secret-client'),
    })
    expect(remote.oauth2.registrations).toEqual([
      {
        client_name: 'Outpost',
        redirect_uris: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
        scope: 'coder:all',
      },
    ])
    const crossed = JSON.stringify([harness.page.received, harness.logger.lines, harness.desktop.opened])
    expect(crossed).not.toContain('seeded-secret')
  })

  it('opens the page again or copies its address while it waits, and not after', async () => {
    const harness = await start()
    const { added, opened, attemptId } = begin(harness)
    const page = await opened()
    await harness.page.call('deployments.openSignInPage', { attemptId })
    expect(await opened(1)).toBe(page)
    await harness.page.call('deployments.copySignInAddress', { attemptId })
    expect(harness.desktop.clipboard).toBe(page)
    await (await fetch(await agreeInBrowser(page))).text()
    await added
    const late = harness.page.call('deployments.openSignInPage', { attemptId })
    expect((await failure(late)).code).toBe('sign_in_over')
    // What the browser may do once more is worth nothing.
    await expect(fetch(new URL(page).searchParams.get('redirect_uri') ?? '')).rejects.toThrow()
  })

  it('ends with the reason when the person declines', async () => {
    const harness = await start()
    const { added, opened } = begin(harness)
    const { searchParams } = new URL(await opened())
    const back = new URL(searchParams.get('redirect_uri') ?? '')
    back.search = `error=access_denied&state=${searchParams.get('state') ?? ''}`
    await (await fetch(back)).text()
    expect(await failure(added)).toMatchObject({
      code: 'sign_in_refused',
      message: 'The sign-in was declined in the browser.',
    })
  })

  it('gives no token to a code of another sign-in', async () => {
    const harness = await start()
    const { added, opened } = begin(harness)
    const page = new URL(await opened())
    const back = await agreeInBrowser(page.href)
    page.searchParams.set('code_challenge', 'A'.repeat(43))
    const injected = (await agreeInBrowser(page.href)).searchParams.get('code') ?? ''
    back.searchParams.set('code', injected)
    await (await fetch(back)).text()
    expect((await failure(added)).code).toBe('sign_in_refused')
    expect(remote.tokens.size).toBe(0)
    expect(sessionsOf(harness)).toEqual([])
  })

  it('stops listening after ten minutes, and when it is cancelled', async () => {
    const clock = createManualClock()
    const harness = await start({ clock })
    const { added, opened } = begin(harness)
    const redirect = new URL(await opened()).searchParams.get('redirect_uri') ?? ''
    clock.advance(10 * 60_000)
    expect((await failure(added)).code).toBe('sign_in_late')
    await expect(fetch(redirect)).rejects.toThrow()

    const credential = { kind: 'browser', attemptId: randomUUID() }
    const call = { procedure: 'deployments.add', input: { url: remote.url, name: '', credential } }
    harness.page.sendRaw({ type: 'call', id: 9001, ...call })
    const second = await opened(1)
    harness.page.sendRaw({ type: 'cancel', id: 9001 })
    const port = new URL(second).searchParams.get('redirect_uri') ?? ''
    await waitForRefusal(port)
  })

  it('takes everything back on the server when it cannot be kept', async () => {
    const harness = await start()
    const { added, opened } = begin(harness)
    const page = await opened()
    harness.secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    await (await fetch(await agreeInBrowser(page))).text()
    expect((await failure(added)).code).toBe('keychain_locked')
    expect(remote.tokens.size).toBe(0)
  })

  it('renews in the middle of a storm of refusals, once, and every call gets its answer', async () => {
    const harness = await start()
    const { id } = await signIn(harness)
    await until(harness, id, 'connected')
    remote.tokens.clear()
    const { override } = remote
    remote.override = (request) =>
      request.path === '/api/v2/templates' && remote.tokens.has(request.token ?? '')
        ? { status: 200, body: [] }
        : override(request)
    const calls = Array.from({ length: 12 }, () => harness.page.call('templates.list', { deploymentId: id }))
    await Promise.all(calls)
    const refreshes = remote.oauth2.tokenRequests.filter((form) => form.get('grant_type') === 'refresh_token')
    expect(refreshes).toHaveLength(1)
    expect([...remote.tokens]).toEqual([entryOf(harness, id)['accessToken']])
  })

  it('is signed out with the reason when it cannot be renewed, and signs in again with the browser', async () => {
    const harness = await start()
    const { id } = await signIn(harness)
    await until(harness, id, 'connected')
    remote.oauth2.beforeToken = async () => ({ status: 400, body: { error: 'invalid_grant' } })
    remote.tokens.clear()
    await harness.page.call('deployments.retry', { deploymentId: id })
    expect((await until(harness, id, 'signed_out')).state).toMatchObject({
      reason: expect.stringContaining('could not be renewed'),
    })
    remote.oauth2.beforeToken = async () => undefined
    expect(await harness.page.call('deployments.signInMethods', { deploymentId: id })).toEqual({
      password: true,
      browser: true,
    })
    const credential = { kind: 'browser', attemptId: randomUUID() } as const
    const again = harness.page.call('deployments.signIn', { deploymentId: id, credential })
    await (await fetch(await agreeInBrowser(await waitFor(() => harness.desktop.opened[1])))).text()
    await again
    await until(harness, id, 'connected')
  })

  it('is revoked by a sign-out: both tokens, and the deployment stays in the list', async () => {
    const harness = await start()
    const { id } = await signIn(harness)
    await until(harness, id, 'connected')
    const { accessToken, refreshToken } = entryOf(harness, id)
    expect(await harness.page.call('deployments.signOut', { deploymentId: id })).toEqual({ isEnded: true })
    expect(remote.oauth2.revoked).toEqual([refreshToken, accessToken])
    expect(remote.tokens.size).toBe(0)
    expect(harness.secrets.stored.has(`deployment/${id}/session-token`)).toBe(false)
    await until(harness, id, 'signed_out')
  })

  it('is ended by a plain sign-out where the provider revokes nothing', async () => {
    remote.oauth2.metadata = { revocation_endpoint: undefined }
    const harness = await start()
    const { id } = await signIn(harness)
    expect(await harness.page.call('deployments.signOut', { deploymentId: id })).toEqual({ isEnded: true })
    expect(remote.tokens.size).toBe(0)
  })

  it('is signed out here also when the deployment is away, and that is said', async () => {
    const harness = await start()
    const { id } = await signIn(harness)
    await until(harness, id, 'connected')
    await remote.goDown()
    expect(await harness.page.call('deployments.signOut', { deploymentId: id })).toEqual({ isEnded: false })
    expect(sessionsOf(harness)).toEqual([])
    await until(harness, id, 'signed_out')
  })

  it('goes with its deployment when that is removed', async () => {
    const harness = await start()
    const { id } = await signIn(harness)
    await harness.page.call('deployments.remove', { deploymentId: id })
    expect(remote.tokens.size).toBe(0)
    expect(remote.oauth2.revoked).toHaveLength(2)
  })

  it('never signs out of the deployment on this computer', async () => {
    const { page } = await start()
    expect((await failure(page.call('deployments.signOut', { deploymentId: 'local' }))).code).toBe(
      'local_stays',
    )
  })
})

/** Until nothing listens there any more. */
async function waitForRefusal(address: string): Promise<void> {
  for (;;) {
    try {
      await (await fetch(address)).text()
    } catch {
      return
    }
  }
}
