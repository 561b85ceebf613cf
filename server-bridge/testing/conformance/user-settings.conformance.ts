import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { signInRoutes } from '../../contract/sign-in.ts'
import { userAccountsRoutes } from '../../contract/user-accounts.ts'
import { userSettingsRoutes } from '../../contract/user-settings.ts'
import { usersRoutes } from '../../contract/users.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createUser, narrowedClient, strongPassword, whoAmI } from '../accounts.ts'
import { rawRequest } from '../raw-request.ts'
import { onlyOnOwnServer } from '../conformance-target.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createTemplate } from '../workspace-actions.ts'

const newPassword = 'another Horse 7 battery!'
const me = { params: { user: 'me' } }
let server: TestServer
let anonymous: CoderClient
let owner: CoderClient
let member: CoderClient

const login = (username: string, password: string) =>
  anonymous.call(usersRoutes.login, { body: { email: `${username}@example.com`, password } })

beforeAll(async () => {
  server = await startTestServer()
  anonymous = server.client()
  owner = await server.ownerClient()
  member = (await createUser(server, owner, 'grace')).client
})
afterAll(() => server.close())

describe('the profile', () => {
  const update = (client: CoderClient, user: string, body: object) =>
    client.call(userAccountsRoutes.updateProfile, {
      params: { user },
      body: { username: 'grace', ...body },
    })

  it('is changed by its person and by admins', async () => {
    expect(await update(member, 'me', { name: 'Grace', avatar_url: '/icon/g.svg' })).toMatchObject({
      name: 'Grace',
      avatar_url: '/icon/g.svg',
    })
    expect(await update(owner, 'grace', { name: 'Grace Hopper' })).toMatchObject({
      name: 'Grace Hopper',
      avatar_url: '/icon/g.svg',
    })
    expect((await update(member, 'me', { username: 'hopper' })).username).toBe('hopper')
    expect((await update(member, 'hopper', { username: 'grace' })).username).toBe('grace')
  })

  it('refuses names that are taken or none, and other people', async () => {
    await createUser(server, owner, 'taken')
    await expect(update(member, 'me', { username: 'TAKEN' })).rejects.toMatchObject({
      status: 409,
      validations: [{ field: 'username' }],
    })
    await expect(update(member, 'me', { username: 'not ok' })).rejects.toMatchObject({ status: 400 })
    await expect(update(member, 'taken', { username: 'mine' })).rejects.toMatchObject({ status: 404 })
    const { client: admin } = await createUser(server, owner, 'ursula', ['user-admin'])
    const { username } = await whoAmI(owner)
    await expect(update(admin, username, { username: 'puppet' })).rejects.toMatchObject({ status: 403 })
    const { client: auditor } = await createUser(server, owner, 'aud', ['auditor'])
    await expect(update(auditor, 'taken', { username: 'mine' })).rejects.toMatchObject({ status: 403 })
  })
})

describe('the password', () => {
  const update = (client: CoderClient, user: string, password: string, old_password = '') =>
    client.call(userAccountsRoutes.updatePassword, { params: { user }, body: { password, old_password } })

  it('is judged before it is taken', async () => {
    const judge = (password: string) => anonymous.call(signInRoutes.validatePassword, { body: { password } })
    expect(await judge(strongPassword)).toEqual({ valid: true, details: '' })
    expect(await judge('abcdefgh')).toMatchObject({ valid: false, details: /insecure password/ })
  })

  it('of oneself needs the old one, and a good new one', async () => {
    const { client } = await createUser(server, owner, 'alice')
    await expect(update(client, 'me', newPassword)).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'old_password' }],
    })
    await expect(update(client, 'me', newPassword, 'wrong')).rejects.toMatchObject({ status: 400 })
    await expect(update(client, 'me', 'abcdefgh', strongPassword)).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'password' }],
    })
    await expect(update(client, 'me', strongPassword, strongPassword)).rejects.toMatchObject({
      message: /cannot match old password/,
    })
    expect((await whoAmI(client)).username).toBe('alice')
  })

  it('once changed ends every session and token', async () => {
    const { client } = await createUser(server, owner, 'bob')
    const { key } = await client.call(apiKeysRoutes.createToken, { ...me, body: {} })
    await update(client, 'me', newPassword, strongPassword)
    for (const old of [client, server.client(key)]) {
      await expect(whoAmI(old)).rejects.toMatchObject({ status: 401 })
    }
    await expect(login('bob', strongPassword)).rejects.toMatchObject({ status: 401 })
    expect((await login('bob', newPassword)).session_token).toBeTruthy()
  })

  it('of others is set by admins without the old one, but not that of an owner', async () => {
    const { client: admin } = await createUser(server, owner, 'adam', ['user-admin'])
    await createUser(server, owner, 'forgetful')
    await update(admin, 'forgetful', newPassword)
    expect((await login('forgetful', newPassword)).session_token).toBeTruthy()
    const { username } = await whoAmI(owner)
    await expect(update(admin, username, newPassword)).rejects.toMatchObject({ status: 403 })
    await expect(update(member, 'adam', newPassword)).rejects.toMatchObject({ status: 404 })
    const { client: auditor } = await createUser(server, owner, 'audrey', ['auditor'])
    await expect(update(auditor, 'forgetful', newPassword)).rejects.toMatchObject({ status: 403 })
  })

  it('of who came by the app is set without an old one, but not by a narrowed token', async () => {
    onlyOnOwnServer('nobody comes there by the app')
    const narrow = await narrowedClient(server, owner, { scopes: ['user:update_personal', 'user:read'] })
    await expect(update(narrow, 'me', newPassword)).rejects.toMatchObject({ status: 403 })
    const { email } = await whoAmI(owner)
    await update(owner, 'me', newPassword)
    const { session_token } = await anonymous.call(usersRoutes.login, {
      body: { email, password: newPassword },
    })
    owner = server.client(session_token)
    expect((await whoAmI(owner)).email).toBe(email)
  })

  it('of a service account does not exist', async () => {
    const { organization_ids } = await whoAmI(owner)
    await owner.call(userAccountsRoutes.create, {
      body: { username: 'robot', service_account: true, organization_ids },
    })
    await expect(update(owner, 'robot', newPassword)).rejects.toMatchObject({ status: 400 })
  })
})

describe('other ways to sign in', () => {
  it('by passcode are answered alike for everybody and never work: there is no mailer', async () => {
    for (const email of ['grace@example.com', 'nobody@example.com']) {
      await anonymous.call(signInRoutes.requestPasscode, { body: { email } })
    }
    const change = (password: string) =>
      anonymous.call(signInRoutes.changePasswordWithPasscode, {
        body: { email: 'grace@example.com', password, one_time_passcode: '123456' },
      })
    await expect(change(newPassword)).rejects.toMatchObject({ status: 400, message: /passcode/ })
    await expect(change('abcdefgh')).rejects.toMatchObject({ validations: [{ field: 'password' }] })
    expect((await login('grace', strongPassword)).session_token).toBeTruthy()
  })

  it('are none: no claims, nothing to convert to', async () => {
    await expect(member.call(signInRoutes.oidcClaims, {})).rejects.toMatchObject({ status: 400 })
    const convert = (password: string) =>
      member.call(signInRoutes.convertLogin, { ...me, body: { to_type: 'oidc', password } })
    await expect(convert('wrong')).rejects.toMatchObject({ status: 401 })
    await expect(convert(strongPassword)).rejects.toMatchObject({ status: 400 })
  })

  it('tell the type of sign-in to its person only', async () => {
    expect(await member.call(signInRoutes.loginType, me)).toEqual({ login_type: 'password' })
    await expect(owner.call(signInRoutes.loginType, { params: { user: 'grace' } })).rejects.toMatchObject({
      status: 403,
    })
  })
})

describe('settings of the interface', () => {
  const appearance = { theme_preference: 'dark', terminal_font: 'fira-code' } as const

  it('have defaults, are kept, and go with a restart', async () => {
    expect(await member.call(userSettingsRoutes.appearance, me)).toEqual({
      theme_preference: '',
      theme_mode: '',
      theme_light: '',
      theme_dark: '',
      terminal_font: '',
    })
    const sync = { theme_mode: 'sync', theme_light: 'light', theme_dark: 'dark-tritan' } as const
    await member.call(userSettingsRoutes.updateAppearance, { ...me, body: { ...appearance, ...sync } })
    expect(await member.call(userSettingsRoutes.appearance, me)).toEqual({ ...appearance, ...sync })

    expect((await member.call(userSettingsRoutes.preferences, me)).thinking_display_mode).toBe('auto')
    await member.call(userSettingsRoutes.updatePreferences, {
      ...me,
      body: { thinking_display_mode: 'preview' },
    })
    const changed = await member.call(userSettingsRoutes.updatePreferences, {
      ...me,
      body: { agent_chat_send_shortcut: 'modifier_enter' },
    })
    expect(changed).toMatchObject({
      thinking_display_mode: 'preview',
      agent_chat_send_shortcut: 'modifier_enter',
      task_notification_alert_dismissed: false,
    })
    expect(await member.call(userSettingsRoutes.appearance, me)).toMatchObject(sync)
  })

  it('refuse words that are none, and what belongs to others', async () => {
    const put = (path: string, body: object) =>
      rawRequest(`${server.url}/api/v2/users/me/${path}`, {
        method: 'PUT',
        headers: member.socket(usersRoutes.get, me).headers,
        body: JSON.stringify(body),
      })
    const fields = async (path: string, body: object) => {
      const { status, json } = await put(path, body)
      return [status, (json().validations ?? []).map((each: { field: string }) => each.field)]
    }
    expect(await fields('appearance', { ...appearance, terminal_font: 'comic' })).toEqual([
      400,
      ['terminal_font'],
    ])
    expect(await fields('appearance', { terminal_font: 'fira-code' })).toEqual([400, ['theme_preference']])
    expect(await fields('appearance', { ...appearance, theme_mode: 'sync' })).toEqual([
      400,
      ['theme_light', 'theme_dark'],
    ])
    expect(await fields('preferences', { thinking_display_mode: 'loud' })).toEqual([
      400,
      ['thinking_display_mode'],
    ])
    await expect(
      member.call(userSettingsRoutes.appearance, { params: { user: 'taken' } }),
    ).rejects.toMatchObject({ status: 404 })
    expect(
      (await owner.call(userSettingsRoutes.appearance, { params: { user: 'grace' } })).terminal_font,
    ).toBe('fira-code')
  })
})

describe('parameters given before', () => {
  it('are offered again, for the same template and person', async () => {
    const template = await createTemplate(owner, 'small')
    const autofill = (client: CoderClient, template_id: string) =>
      client.call(userAccountsRoutes.autofillParameters, { ...me, query: { template_id } })
    expect(await autofill(member, template.id)).toEqual([])
    for (const value of ['hi', 'salut']) {
      await member.call(workspacesRoutes.create, {
        ...me,
        body: {
          template_id: template.id,
          name: `says-${value}`,
          rich_parameter_values: [{ name: 'greeting', value }],
        },
      })
    }
    expect(await autofill(member, template.id)).toEqual([{ name: 'greeting', value: 'salut' }])
    expect(await autofill(owner, template.id)).toEqual([])
    const strict = await rawRequest(
      `${server.url}/api/v2/users/me/autofill-parameters?template_id=${template.id}&more=1`,
      { headers: member.socket(usersRoutes.get, me).headers },
    )
    expect(strict.status).toBe(400)
  })
})
