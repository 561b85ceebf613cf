import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { userSecretsRoutes } from '../../contract/user-secrets.ts'
import { allowAllTools, chatIs, createChat, messagesOf, outline } from '../chat-fixture.ts'
import { type ChatWorkspace, startChatWorkspace } from '../chat-workspace.ts'
import type { ScriptedModel } from '../scripted-model.ts'
import type { ScriptedCall } from '../scripted-model-formats.ts'
import type { TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient
let workspaceId: string
let folder: string
let ground: ChatWorkspace

beforeAll(async () => {
  ground = await startChatWorkspace(async (owner) => {
    await allowAllTools(owner)
    await owner.call(userSecretsRoutes.create, {
      params: { user: 'me' },
      body: { name: 'token', value: 'seeded-secret-of-the-user', env_name: 'MY_TOKEN' },
    })
  })
  ;({ server, model, client, workspaceId, folder } = ground)
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(() => ground.close())

interface Result {
  readonly error?: string
  readonly output?: string
  readonly [field: string]: unknown
}
const inWorkspace = () => ({ workspace_id: workspaceId })
const call = (name: string, args: object | string): ScriptedCall => ({ name, args })

/** What calls of one step answer, in their order. */
async function run(...calls: ScriptedCall[]): Promise<Result[]> {
  model.script({ calls }, { text: 'done' })
  const chat = await createChat(client, 'go', inWorkspace())
  await chatIs(client, chat.id, 'waiting')
  return resultsOf(chat.id)
}
async function resultsOf(id: string): Promise<Result[]> {
  return (await messagesOf(client, id))
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content?.[0]?.result as Result)
}

describe('a chat in a workspace', () => {
  it('mends a failing test of a repository by reading, editing and running', async () => {
    const repository = join(folder, 'sums')
    mkdirSync(repository)
    writeFileSync(join(repository, 'sum.mjs'), 'export function sum(a, b) {\n  return a - b\n}\n')
    writeFileSync(
      join(repository, 'sum.test.mjs'),
      "import { sum } from './sum.mjs'\nif (sum(2, 3) !== 5) throw new Error('sum is wrong')\nconsole.log('all passed')\n",
    )
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
        cwd: repository,
        encoding: 'utf8',
      })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'begin')
    const test = call('execute', {
      command: 'node sum.test.mjs',
      workdir: 'sums',
      timeout: '60s',
      model_intent: 'Run the test',
    })
    const edits = [{ old_text: 'return a - b', new_text: 'return a + b' }]
    model.script(
      { text: 'First the test.', calls: [test] },
      { calls: [call('read_file', { path: 'sums/sum.mjs' })] },
      { calls: [call('edit_files', { files: [{ path: 'sums/sum.mjs', edits }] })] },
      { calls: [test, call('execute', { command: 'git diff --stat', workdir: '~/sums', timeout: '60s' })] },
      { text: 'It passes now.' },
    )
    const chat = await createChat(client, 'mend the test', inWorkspace())
    await chatIs(client, chat.id, 'waiting')
    const [failed, read, edited, passed, diff] = await resultsOf(chat.id)
    expect(failed).toMatchObject({ success: false, exit_code: 1 })
    expect(failed?.output).toContain('sum is wrong')
    expect(read).toEqual({
      content: '1\texport function sum(a, b) {\n2\t  return a - b\n3\t}',
      file_size: 45,
      total_lines: 3,
      lines_read: 3,
    })
    expect(edited).toMatchObject({ ok: true, files: [{ path: 'sums/sum.mjs' }] })
    expect(JSON.stringify(edited)).toContain('-  return a - b\\n+  return a + b')
    expect(passed).toMatchObject({ success: true, exit_code: 0, output: 'all passed\n' })
    expect(diff?.output).toContain('sum.mjs | 2 +-')
    expect(git('diff')).toContain('+  return a + b')
    expect(outline(await messagesOf(client, chat.id)).at(-1)).toBe('assistant: It passes now.')
  })

  it('gives its commands no secret of its owner, and nobody to ask', async () => {
    const [result] = await run(call('execute', { command: 'env; cat', timeout: '30s' }))
    expect(result?.output).toContain('GREETING=hello')
    expect(result?.output).toContain('CODER_CHAT_AGENT=true')
    expect(result?.output).not.toMatch(/seeded-secret|MY_TOKEN|CODER_AGENT_TOKEN/)
    expect(JSON.stringify(model.requests)).not.toContain('seeded-secret')
  })

  it('reaches files of the workspace only', async () => {
    writeFileSync(join(server.dataDir, 'outside.txt'), 'out of reach')
    symlinkSync(server.dataDir, join(folder, 'way-out'))
    symlinkSync(join(server.dataDir, 'not-there-yet'), join(folder, 'dangling'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    writeFileSync(join(folder, 'large.txt'), 'x'.repeat(1024 * 1024 + 1))
    writeFileSync(join(folder, 'binary'), Buffer.from([1, 0, 2]))
    const read = (path: string) => call('read_file', { path })
    const results = await run(
      read('/etc/passwd'),
      read('../../outside.txt'),
      read('way-out/outside.txt'),
      call('write_file', { path: 'way-out/new.txt', content: 'x' }),
      read('pipe'),
      read('large.txt'),
      read('binary'),
      read('.'),
      read('missing.txt'),
      call('read_file', { offset: 1 }),
      call('write_file', { path: 'dangling', content: 'inside' }),
    )
    expect(results.map(({ error = '' }) => error)).toEqual([
      expect.stringContaining('outside of the workspace'),
      expect.stringContaining('outside of the workspace'),
      expect.stringContaining('outside of the workspace'),
      expect.stringContaining('outside of the workspace'),
      'pipe is not a regular file.',
      expect.stringContaining('up to 1 MiB'),
      'binary is not a text file.',
      '. is not a regular file.',
      'missing.txt does not exist.',
      expect.stringContaining('path'),
      '',
    ])
    // The link was replaced, not followed.
    expect(existsSync(join(server.dataDir, 'not-there-yet'))).toBe(false)
    expect(readFileSync(join(folder, 'dangling'), 'utf8')).toBe('inside')
  })

  it('looks at a repository with git, and asks nobody for that', async () => {
    const place = join(folder, 'repository')
    mkdirSync(place)
    const git = (...words: string[]): void => {
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c', ...words], { cwd: place })
    }
    git('init', '-q', '-b', 'trunk')
    writeFileSync(join(place, 'kept.txt'), 'one\n')
    git('add', '.')
    git('commit', '-qm', 'Begin')
    writeFileSync(join(place, 'kept.txt'), 'two\n')
    const path = 'repository'
    const [status, diff, log, nothing] = await run(
      call('git_status', { path }),
      call('git_diff', { path }),
      call('git_log', { path }),
      call('git_diff', { path, from: '--no-index' }),
    )
    expect(status).toMatchObject({ branch: 'trunk', unstaged: ['kept.txt'], staged: [], untracked: [] })
    expect(diff).toMatchObject({ diff: expect.stringContaining('-one\n+two\n') as string, changed_files: 1 })
    expect(log).toMatchObject({ commits: [{ message: 'Begin', author: 'Ada <a@b.c>' }], truncated: false })
    expect(nothing?.error).toContain('no commit that is called --no-index')
  })

  it('looks around in folders and files', async () => {
    const place = join(folder, 'shelf')
    mkdirSync(join(place, 'deep', '.git'), { recursive: true })
    writeFileSync(join(place, 'one.ts'), 'first\nthe Needle is here\n')
    writeFileSync(join(place, 'deep', 'two.md'), `${'x'.repeat(5000)} needle\n`)
    writeFileSync(join(place, 'deep', '.git', 'three.ts'), 'needle')
    writeFileSync(join(place, 'binary.ts'), Buffer.from('needle\0'))
    symlinkSync(server.dataDir, join(place, 'away'))
    const search = (args: object) => call('search_files', { path: 'shelf', ...args })
    const [listed, lines, named, exact, few, nothing, outside, missing] = await run(
      call('list_directory', { path: 'shelf' }),
      search({ query: 'needle' }),
      search({ name: '*.ts' }),
      search({ query: 'needle', case_sensitive: true, name: '*.ts' }),
      search({ name: '*', limit: 1 }),
      search({}),
      call('list_directory', { path: 'shelf/away' }),
      search({ path: 'no-such-folder', name: '*' }),
    )
    expect(listed).toEqual({
      entries: [
        { name: 'away', type: 'link' },
        { name: 'binary.ts', type: 'file', size: 7 },
        { name: 'deep', type: 'folder' },
        { name: 'one.ts', type: 'file', size: 25 },
      ],
      total: 4,
      truncated: false,
    })
    expect(lines).toMatchObject({
      matches: [
        { path: 'shelf/one.ts', line: 2, text: 'the Needle is here' },
        { path: 'shelf/deep/two.md', line: 1, text: expect.stringMatching(/^x{99} needle$/) as string },
      ],
      truncated: false,
    })
    expect(named?.['matches']).toEqual([{ path: 'shelf/binary.ts' }, { path: 'shelf/one.ts' }])
    expect(exact?.['matches']).toEqual([])
    expect(few).toMatchObject({ matches: [{ path: 'shelf/binary.ts' }], truncated: true })
    expect([nothing?.error, outside?.error, missing?.error]).toEqual([
      expect.stringContaining('give a query'),
      expect.stringContaining('outside of the workspace'),
      'no-such-folder does not exist.',
    ])
  })

  it('leaves a command that takes too long running, tells its output later, and ends it with all it started', async () => {
    const [slow, started] = await run(
      call('execute', { command: 'echo begun; sleep 600 & sleep 600', timeout: '300ms' }),
      call('execute', { command: 'echo $$; exec sleep 600 &' }),
    )
    expect(slow).toMatchObject({
      success: true,
      output: 'begun\n',
      note: expect.stringContaining('still running') as string,
    })
    expect(started?.['background_process_id']).toBeTypeOf('string')
    const other = await run(
      call('process_output', { process_id: slow?.['background_process_id'], wait_timeout: '0s' }),
    )
    expect(other[0]?.error).toBe('There is no such process.')

    model.script(
      { calls: [call('execute', { command: 'echo one; sleep 600 & sleep 600', timeout: '200ms' })] },
      { text: 'started' },
    )
    const chat = await createChat(client, 'start', inWorkspace())
    await chatIs(client, chat.id, 'waiting')
    const id = (await resultsOf(chat.id))[0]?.['background_process_id']
    model.script(
      { calls: [call('process_list', {})] },
      { calls: [call('process_signal', { process_id: id, signal: 'terminate' })] },
      { calls: [call('process_output', { process_id: id })] },
      { text: 'ended' },
    )
    await client.call(chatMessagesRoutes.send, {
      params: { chat: chat.id },
      body: { content: [{ type: 'text', text: 'end it' }] },
    })
    await chatIs(client, chat.id, 'waiting')
    const [, list, ended, output] = await resultsOf(chat.id)
    expect(list).toMatchObject({ processes: [{ id, running: true, background: false }] })
    expect(ended).toMatchObject({ success: true })
    expect(output).toMatchObject({ success: false, output: 'one\n', exit_code: 143 })
  })

  it('stops its command when it is interrupted', async () => {
    const mark = join(folder, 'mark')
    model.script({
      calls: [call('execute', { command: `touch mark; sleep 600; touch never`, timeout: '5m' })],
    })
    const chat = await createChat(client, 'wait', inWorkspace())
    await waitFor('the command', () => (existsSync(mark) ? true : undefined))
    await client.call(chatsRoutes.interrupt, { params: { chat: chat.id } })
    await chatIs(client, chat.id, 'waiting')
    expect((await resultsOf(chat.id))[0]?.error).toBe('The call was interrupted.')
    const { agents } = server.deployment.services
    expect(agents.records.wantedOf(workspaceId)).toHaveLength(1)
    const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    expect(running).not.toContain('touch never')
  })

  it('gets the two ends of a long output', async () => {
    const [result] = await run(call('execute', { command: 'seq 1 100000', timeout: '60s' }))
    expect(result?.output).toMatch(/^1\n2\n[^]*bytes left out[^]*\n100000\n$/)
    expect(result?.output?.length).toBeLessThan(34 * 1024)
    expect(result?.['truncated']).toMatchObject({ original_bytes: 588_895, strategy: 'head_tail' })
  })

  it('changes nothing while it plans', async () => {
    model.script({ calls: [call('write_file', { path: 'planned.txt', content: 'x' })] }, { text: 'a plan' })
    const chat = await createChat(client, 'plan', { ...inWorkspace(), plan_mode: 'plan' })
    await chatIs(client, chat.id, 'waiting')
    expect((await resultsOf(chat.id))[0]?.error).toContain('In plan mode only')
    expect(existsSync(join(folder, 'planned.txt'))).toBe(false)
    const offered = JSON.stringify(model.requests.at(-1)?.body['tools'])
    expect(offered).toContain('read_file')
    expect(offered).not.toContain('process_signal')
  })

  it('is for workspaces of its owner only', async () => {
    const linus = await server.memberClient('linus')
    await expect(createChat(linus, 'theirs', inWorkspace())).rejects.toMatchObject({ status: 400 })
  })
})

it('a chat without a workspace has no tools for one', async () => {
  model.script({ calls: [call('execute', { command: 'true' })] }, { text: 'no' })
  const chat = await createChat(client, 'go')
  await chatIs(client, chat.id, 'waiting')
  expect((await resultsOf(chat.id))[0]?.error).toContain('no tool named "execute"')
})
