import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatGitActionsRoutes } from '../../contract/chats-git-actions.ts'
import { chatGitRoutes, type GitRepository, parseGitFrame } from '../../contract/chats-git.ts'
import { chatWatchRoutes, parseChatWatchFrame } from '../../contract/chats-watch.ts'
import { chatsRoutes, type Chat } from '../../contract/chats.ts'
import { allowAllTools, chatIs, createChat, getChat } from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import { rawRequest } from '../raw-request.ts'
import type { ScriptedModel } from '../scripted-model.ts'
import { waitFor } from '../wait-for.ts'
import { runBuild } from '../workspace-actions.ts'

let ground: ChatWorkspace
let model: ScriptedModel
let client: CoderClient
let workspaceId: string
let repository: string
let chat: Chat

beforeAll(async () => {
  ground = await startChatWorkspace()
  ;({ model, client, workspaceId } = ground)
  repository = join(ground.folder, 'project')
  mkdirSync(repository)
  git('init', '-q', '-b', 'trunk')
  git('remote', 'add', 'origin', 'https://ada:token@example.com/a/b.git')
  writeFileSync(join(repository, 'kept.txt'), 'one\ntwo\n')
  git('add', '.')
  git('commit', '-qm', 'begin')
  chat = await idleChat({ workspace_id: workspaceId })
})
afterAll(() => ground.close())

const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
    cwd: repository,
    encoding: 'utf8',
  })
async function idleChat(more: object): Promise<Chat> {
  model.script({ text: 'fine' })
  const made = await createChat(client, 'go', more)
  return chatIs(client, made.id, 'waiting')
}

/** What a reader knows who follows the rules. */
async function watchGit() {
  const { url, headers } = client.socket(chatGitRoutes.watch, { params: { chat: chat.id } })
  const socket = new WebSocket(url, { headers })
  const repositories = new Map<string, GitRepository>()
  const errors: string[] = []
  let frames = 0
  socket.on('message', (data: Buffer) => {
    frames += 1
    const message = parseGitFrame(data.toString('utf8'))
    if (message.type === 'error') errors.push(message.message ?? '')
    for (const changed of message.repositories ?? [])
      if (changed.removed === true) repositories.delete(changed.repo_root)
      else repositories.set(changed.repo_root, changed)
  })
  await once(socket, 'open')
  return {
    ...{ socket, repositories, errors },
    frames: () => frames,
    refresh: () => socket.send('{"type":"refresh"}'),
    async close() {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

it('a reader sees what the work changes while it changes', async () => {
  const reader = await watchGit()
  await waitFor('the repository', () => reader.repositories.get(repository))
  expect(reader.repositories.get(repository)).toEqual({
    repo_root: repository,
    branch: 'trunk',
    remote_origin: 'https://example.com/a/b.git',
    files: [],
  })
  writeFileSync(join(repository, 'kept.txt'), 'one\n2\n')
  writeFileSync(join(repository, 'new.txt'), 'fresh\n')
  reader.refresh()
  const changed = await waitFor('the change', () =>
    reader.repositories.get(repository)?.unified_diff ? reader.repositories.get(repository) : undefined,
  )
  expect(changed.unified_diff).toContain('-two\n+2\n')
  expect(changed.unified_diff).toContain('+++ b/new.txt\n@@ -0,0 +1 @@\n+fresh\n')
  expect(changed.files).toHaveLength(2)
  reader.socket.send('nonsense')
  await waitFor('the answer', () => (reader.errors.length > 0 ? true : undefined))
  expect(reader.errors).toEqual(['Only {"type":"refresh"} is understood.'])
  await reader.close()
})

it('what was changed is counted in the chat, and told to who watches chats', async () => {
  const { url, headers } = client.socket(chatWatchRoutes.watch, {})
  const watch = new WebSocket(url, { headers })
  const told: Chat[] = []
  watch.on('message', (data: Buffer) => {
    const event = parseChatWatchFrame(data.toString('utf8'))
    if (event.kind === 'diff_status_change') told.push(event.chat)
  })
  await once(watch, 'open')
  writeFileSync(join(repository, 'more.txt'), 'a\nb\n')
  const reader = await watchGit()
  await waitFor('the event', () => (told.length > 0 ? true : undefined))
  const counted = { additions: 4, deletions: 1, changed_files: 3, head_branch: 'trunk', chat_id: chat.id }
  expect(told.at(-1)?.diff_status).toMatchObject(counted)
  expect((await getChat(client, chat.id)).diff_status).toMatchObject(counted)
  await reader.close()
  watch.close()
  await once(watch, 'close')
  // Nothing is known of the origin that the branch could be compared with, which is no error.
  expect(await branchDiff()).toEqual({
    chat_id: chat.id,
    branch: 'trunk',
    remote_origin: 'https://example.com/a/b.git',
  })
})

it('what a turn changed is counted at its end, also where nobody watches', async () => {
  await allowAllTools(client)
  const path = join(repository, 'turned.txt')
  model.script({ calls: [{ name: 'write_file', args: { path, content: 'a\nb\nc\n' } }] }, { text: 'done' })
  const { id } = await createChat(client, 'write', { workspace_id: workspaceId })
  await chatIs(client, id, 'waiting')
  const counted = await waitFor('the counts', async () => (await getChat(client, id)).diff_status)
  expect(counted).toMatchObject({ additions: 7, deletions: 1, changed_files: 4, head_branch: 'trunk' })
  rmSync(path)
})

const branchDiff = (id = chat.id) => client.call(chatGitRoutes.diff, { params: { chat: id } })

it('what the commits of a branch changed is told by its repository, and where it is shown by a forge that is known', async () => {
  git('remote', 'set-url', 'origin', 'https://ada:token@github.com/acme/pay.git')
  git('update-ref', 'refs/remotes/origin/trunk', 'HEAD')
  git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk')
  git('stash', '-qu')
  git('switch', '-qc', 'agent/work')
  writeFileSync(join(repository, 'done.txt'), 'done\n')
  git('add', '.')
  git('commit', '-qm', 'work')
  const read = await branchDiff()
  expect(read).toMatchObject({
    provider: 'github',
    branch: 'agent/work',
    remote_origin: 'https://github.com/acme/pay.git',
  })
  expect(read.diff).toContain('+++ b/done.txt\n@@ -0,0 +1 @@\n+done\n')
  expect(read).not.toHaveProperty('pull_request_url')
  const reader = await watchGit()
  const status = () => getChat(client, chat.id).then(({ diff_status: diff }) => diff)
  const work = { head_branch: 'agent/work', base_branch: 'trunk', additions: 1, changed_files: 1 }
  await waitFor('the work of the branch', async () => ((await status())?.additions === 1 ? true : undefined))
  expect(await status()).toMatchObject(work)
  expect(await status()).not.toHaveProperty('url')
  git('update-ref', 'refs/remotes/origin/agent/work', 'HEAD')
  reader.refresh()
  const seen = await waitFor('the page', async () => {
    const now = await status()
    return now?.url === undefined ? undefined : now
  })
  expect(seen).toMatchObject({ ...work, url: 'https://github.com/acme/pay/tree/agent/work' })
  const found = async (q: string) =>
    (await client.call(chatsRoutes.list, { query: { q } })).map(({ id }) => id)
  expect(await found('repo:ACME/pay')).toEqual([chat.id])
  expect(await found('repo:acme/ledger')).toEqual([])
  expect(await found('diff_url:"https://github.com/acme/pay/tree/agent/work"')).toEqual([chat.id])
  expect(await found('diff_url:"https://github.com/acme/pay/tree/agent"')).toEqual([])
  expect(seen).not.toHaveProperty('pull_request_state')
  await reader.close()
  git('switch', '-q', 'trunk')
  git('stash', 'pop', '-q')
})

it('its owner stages, unstages and discards a file, and is shown what came of it', async () => {
  const act = (action: 'stage' | 'unstage' | 'discard', path: string, by = client) =>
    by.call(chatGitActionsRoutes.act, {
      params: { chat: chat.id },
      body: { repo_root: repository, path, action },
    })
  const reader = await watchGit()
  const stagedOf = () =>
    (reader.repositories.get(repository)?.files ?? []).filter((file) => file.staged).map(({ path }) => path)
  await act('stage', 'kept.txt')
  await waitFor('the staged file', () => (stagedOf().includes('kept.txt') ? true : undefined))
  expect(git('diff', '--cached', '--name-only')).toBe('kept.txt\n')
  await act('unstage', 'kept.txt')
  await act('discard', 'new.txt')
  expect(existsSync(join(repository, 'new.txt'))).toBe(false)
  expect(git('diff', '--cached', '--name-only')).toBe('')
  for (const path of ['../../outside.txt', '/etc/passwd', '.git/config', 'new.txt'])
    await expect(act('discard', path)).rejects.toMatchObject({ status: 400 })
  const [entry] = ground.server.deployment.services.auditLog.newest(1)
  expect(entry).toMatchObject({ resource_type: 'chat', resource_id: chat.id, action: 'write' })
  const grace = await ground.server.memberClient('grace')
  await expect(act('discard', 'kept.txt', grace)).rejects.toMatchObject({ status: 404 })
  await reader.close()
})

it('says before the socket opens why there is nothing to see', async () => {
  const refusal = async (id: string) => {
    const { url, headers } = client.socket(chatGitRoutes.watch, { params: { chat: id } })
    const answer = await rawRequest(url.replace(/^ws/, 'http'), { headers })
    return [answer.status, answer.json().message]
  }
  const bare = await idleChat({})
  expect(await refusal(bare.id)).toEqual([400, 'The chat has no workspace.'])
  const reader = await watchGit()
  await waitFor('the first scan', () => (reader.frames() > 0 ? true : undefined))
  await runBuild(client, workspaceId, 'stop')
  expect(await refusal(chat.id)).toEqual([400, expect.stringContaining('has no agents') as string])
  reader.refresh()
  await waitFor('the error', () => (reader.errors.length > 0 ? true : undefined))
  expect(reader.errors[0]).toContain('has no agents')
  // Where the work was is still known, what it changed is not.
  expect(await branchDiff()).toMatchObject({ branch: 'trunk' })
  expect(await branchDiff()).not.toHaveProperty('diff')
  expect(await branchDiff(bare.id)).toEqual({ chat_id: bare.id })
  await reader.close()
})
