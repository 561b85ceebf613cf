import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import type { GetInboxNotificationResponse, InboxNotification } from '../../contract/notifications.ts'
import { getInboxNotificationResponseSchema, notificationsRoutes } from '../../contract/notifications.ts'
import { usersRoutes } from '../../contract/users.ts'
import { notificationIds } from '../../server/services/notification-templates.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, runBuild } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let member: CoderClient
let memberId: string

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  member = await server.memberClient('bob')
  memberId = (await member.call(usersRoutes.get, { params: { user: 'me' } })).id
})
afterAll(() => server.close())

const custom = (title: string, by = member) =>
  by.call(notificationsRoutes.custom, { body: { content: { title, message: 'A **bold** word' } } })
const inbox = (by = member, query: Record<string, string> = {}) =>
  by.call(notificationsRoutes.inbox, { query })
const setPaused = (notifier_paused: boolean) =>
  client.call(notificationsRoutes.setSettings, { body: { notifier_paused } })

/** The first notification of the kind. */
const waitForKind = (by: CoderClient, templateId: string): Promise<InboxNotification> =>
  waitFor('the notification is there', async () => {
    const { notifications } = await inbox(by, { templates: templateId })
    return notifications[0]
  })

describe('the inbox', () => {
  it('has what somebody sent themselves, newest first, and marks it read', async () => {
    await custom('first')
    await custom('second')
    const { notifications, unread_count: unread } = await inbox()
    expect([notifications.map(({ title }) => title), unread]).toEqual([['second', 'first'], 2])
    const [second, first] = notifications
    const setRead = (id: string, is_read: boolean, by = member) =>
      by.call(notificationsRoutes.setReadStatus, { params: { inboxnotification: id }, body: { is_read } })
    const read = await setRead(second!.id, true)
    expect(read).toMatchObject({ unread_count: 1, notification: { id: second!.id } })
    expect(read.notification.read_at).not.toBeNull()
    const titles = async (query: Record<string, string>) =>
      (await inbox(member, query)).notifications.map(({ title }) => title)
    expect(await titles({ read_status: 'unread' })).toEqual(['first'])
    expect(await titles({ read_status: 'read' })).toEqual(['second'])
    expect(await titles({ starting_before: second!.id })).toEqual(['first'])
    expect(await titles({ templates: notificationIds.custom, targets: '' })).toEqual(['second', 'first'])
    expect(await titles({ templates: notificationIds.test })).toEqual([])
    expect((await setRead(second!.id, false)).unread_count).toBe(2)
    await expect(setRead(first!.id, true, client)).rejects.toMatchObject({ status: 404 })
    await member.call(notificationsRoutes.markAllAsRead, {})
    expect((await inbox()).unread_count).toBe(0)
  })

  it('gives pages of 25', async () => {
    const many = await server.memberClient('many')
    for (let index = 0; index < 27; index += 1) await custom(`n${index}`, many)
    const first = (await inbox(many)).notifications
    expect(first).toHaveLength(25)
    const rest = await inbox(many, { starting_before: first.at(-1)!.id })
    expect(rest.notifications.map(({ title }) => title)).toEqual(['n1', 'n0'])
  })

  it.each([
    { colour: 'red' },
    { read_status: 'maybe' },
    { targets: 'x' },
    { starting_before: memberIdLike() },
  ])('refuses the query %j', async (query) => {
    await expect(inbox(member, query)).rejects.toMatchObject({
      status: 400,
      validations: [{ field: Object.keys(query)[0] }],
    })
  })

  it('is watched: only what comes, filtered, as plain text where asked', async () => {
    const target = member.socket(notificationsRoutes.watchInbox, {
      query: { format: 'plaintext', templates: notificationIds.custom, targets: '' } as never,
    })
    const socket = new WebSocket(target.url, { headers: target.headers })
    const messages: GetInboxNotificationResponse[] = []
    socket.on('message', (data: Buffer) =>
      messages.push(getInboxNotificationResponseSchema.parse(JSON.parse(data.toString('utf8')))),
    )
    await new Promise((resolve) => socket.once('open', resolve))
    await custom('watched')
    await waitFor('the watch tells of it', () => messages[0])
    expect(messages).toMatchObject([
      { unread_count: 1, notification: { title: 'watched', content: 'A bold word' } },
    ])
    socket.close()
    await new Promise((resolve) => socket.once('close', resolve))
  })

  it('is not there without a sign-in', async () => {
    await expect(inbox(server.client())).rejects.toMatchObject({ status: 401 })
  })
})

function memberIdLike(): string {
  return '00000000-0000-4000-8000-000000000000'
}

describe('settings and preferences', () => {
  it('list the kinds there are and how they are sent', async () => {
    const system = await member.call(notificationsRoutes.systemTemplates, {})
    expect(system.map(({ id }) => id)).toContain(notificationIds.workspaceAutobuildFailed)
    expect(new Set(system.map(({ kind }) => kind))).toEqual(new Set(['system']))
    expect(await member.call(notificationsRoutes.customTemplates, {})).toMatchObject([{ kind: 'custom' }])
    expect(await member.call(notificationsRoutes.dispatchMethods, {})).toEqual({
      available: ['inbox'],
      default: 'inbox',
    })
  })

  it('keep what a user does not want from them', async () => {
    const carol = await server.memberClient('carol')
    const set = (map: Record<string, boolean>, by = carol, user = 'me') =>
      by.call(notificationsRoutes.setPreferences, {
        params: { user },
        body: { template_disabled_map: map },
      })
    expect(await set({ [notificationIds.custom]: true })).toMatchObject([
      { id: notificationIds.custom, disabled: true },
    ])
    await custom('unwanted', carol)
    expect((await inbox(carol)).notifications).toEqual([])
    await set({ [notificationIds.custom]: false })
    await custom('wanted', carol)
    expect((await inbox(carol)).notifications).toHaveLength(1)
    await expect(set({ nonsense: true })).rejects.toMatchObject({ status: 400 })
    await expect(set({}, member, 'carol')).rejects.toMatchObject({ status: 404 })
    expect(await client.call(notificationsRoutes.getPreferences, { params: { user: 'carol' } })).toHaveLength(
      1,
    )
  })

  it('are changed by the owner only; the same again is 304', async () => {
    await expect(
      member.call(notificationsRoutes.setSettings, { body: { notifier_paused: true } }),
    ).rejects.toMatchObject({ status: 403 })
    expect(await setPaused(true)).toEqual({ notifier_paused: true })
    expect(await client.call(notificationsRoutes.getSettings, {})).toEqual({ notifier_paused: true })
    await expect(setPaused(true)).rejects.toMatchObject({ status: 304 })
    await setPaused(false)
  })

  it('tell by a test that notifications arrive', async () => {
    await expect(member.call(notificationsRoutes.test, {})).rejects.toMatchObject({ status: 403 })
    await client.call(notificationsRoutes.test, {})
    expect((await waitForKind(client, notificationIds.test)).title).toBe('A test notification')
  })

  it.each([{}, { content: null }, { content: { title: ' ', message: 'x' } }])(
    'refuse to send %j',
    async (body) => {
      await expect(member.call(notificationsRoutes.custom, { body })).rejects.toMatchObject({ status: 400 })
    },
  )
})

describe('what happens', () => {
  it('to accounts is told to owners, and to whom it concerns', async () => {
    const created = await waitForKind(client, notificationIds.userCreated)
    expect(created.actions).toEqual([{ label: 'View users', url: '/users' }])
    const { accounts, notificationEvents } = server.deployment.services
    accounts.setStatus(memberId, 'suspended')
    notificationEvents.deliver()
    expect(await waitForKind(client, notificationIds.userSuspended)).toMatchObject({
      title: 'User account "bob" suspended',
      targets: [memberId],
    })
    accounts.setStatus(memberId, 'active')
    notificationEvents.deliver()
    expect((await waitForKind(member, notificationIds.yourAccountActivated)).title).toContain('bob')
    expect((await waitForKind(member, notificationIds.yourAccountSuspended)).title).toContain('bob')
  })

  it('to a workspace by somebody else is told to its owner, once', async () => {
    const template = await createTemplate(client, 'small')
    const { workspace } = await createRunningWorkspace(member, template, 'main')
    await runBuild(client, workspace.id, 'delete')
    const told = await waitForKind(member, notificationIds.workspaceDeleted)
    expect(told).toMatchObject({
      title: 'Workspace "main" deleted',
      icon: 'DEFAULT_ICON_WORKSPACE',
      targets: expect.arrayContaining([workspace.id]),
    })
    expect((await inbox(member, { templates: notificationIds.workspaceDeleted })).notifications).toHaveLength(
      1,
    )
    // Who did it themselves is not told.
    expect((await inbox(client, { templates: notificationIds.workspaceDeleted })).notifications).toEqual([])
  })

  it('to workspaces and templates by the server or an owner reaches the owners of workspaces', async () => {
    const { workspace } = await createRunningWorkspace(member, await createTemplate(client, 'old'), 'second')
    const { db, notificationEvents } = server.deployment.services
    db.transaction(() => {
      db.run(db.sql.updateTable('workspaces').set({ dormant_at: 1 }).where('id', '=', workspace.id))
      db.run(db.sql.updateTable('workspaces').set({ deleting_at: 86_400_000 }).where('id', '=', workspace.id))
      db.run(
        db.sql
          .updateTable('templates')
          .set({ deprecation_message: 'use the new one' })
          .where('name', '=', 'old'),
      )
      db.run(
        db.sql
          .updateTable('workspace_builds')
          .set({ reason: 'autostart' })
          .where('workspace_id', '=', workspace.id),
      )
      db.run(
        db.sql
          .updateTable('provisioner_jobs')
          .set({ status: 'failed', error: 'no space left' })
          .where('workspace_build_id', '=', workspace.latest_build.id),
      )
    })
    notificationEvents.deliver()
    const contents = await Promise.all(
      [
        notificationIds.workspaceDormant,
        notificationIds.workspaceMarkedForDeletion,
        notificationIds.templateDeprecated,
        notificationIds.workspaceAutobuildFailed,
      ].map(async (id) => (await waitForKind(member, id)).content),
    )
    expect(contents[1]).toContain('1970-01-02')
    expect(contents[2]).toContain('use the new one')
    expect(contents[3]).toContain('no space left')
  })

  it('while notifications are paused, or before a restart, is told afterwards', async () => {
    await setPaused(true)
    const { accounts } = server.deployment.services
    accounts.setStatus(memberId, 'suspended')
    await server.restart()
    client = await server.ownerClient()
    expect((await inbox(client, { templates: notificationIds.userSuspended })).notifications).toHaveLength(1)
    await setPaused(false)
    await waitFor('the second one is there', async () => {
      const { notifications } = await inbox(client, { templates: notificationIds.userSuspended })
      return notifications.length === 2 ? true : undefined
    })
  })
})
