import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { agentLogSourceId, type AgentInit, type AgentManifest } from '../contract/agent-link.ts'
import { createChildProcessHost } from '../lib/child-process-host.ts'
import type { HostedProcess } from '../lib/process-host.ts'
import { AgentLinkServer } from '../testing/agent-link-server.ts'
import { waitFor } from '../testing/wait-for.ts'
import { listProcesses, listProcessesWith } from './process-list.ts'

type Script = AgentManifest['scripts'][number]

let homeDir: string
let server: AgentLinkServer
let agent: HostedProcess | undefined
let exited: Promise<number | null>
const messages: unknown[] = []

beforeEach(async () => {
  homeDir = mkdtempSync(join(tmpdir(), 'outpost-agent-test-'))
  server = await AgentLinkServer.listen()
  messages.length = 0
})

afterEach(async () => {
  if (agent !== undefined) {
    agent.kill()
    await exited
    agent = undefined
  }
  await server.close()
  expect(await marked(), 'processes left behind').toEqual([])
  rmSync(homeDir, { recursive: true, force: true })
})

const agentId = randomUUID()

function init(): AgentInit {
  const agentName = 'main'
  return { type: 'init', serverUrl: server.url, agentToken: 'the-token', agentId, agentName, homeDir }
}

function startAgent(): HostedProcess {
  const host = createChildProcessHost({
    environment: { ...process.env, SHELL: '/bin/bash', MY_API_TOKEN: 'seeded-secret' },
  })
  const started = host.spawn('agent')
  agent = started
  exited = new Promise((resolve) => started.onExit(resolve))
  started.onMessage((message) => messages.push(message))
  started.post(init())
  return started
}

function manifest(overrides: Partial<AgentManifest> = {}): AgentManifest {
  return {
    agent_id: agentId,
    agent_name: 'main',
    workspace_id: randomUUID(),
    workspace_name: 'my-workspace',
    owner_name: 'ada',
    access_url: server.url,
    directory: '',
    environment: { GREETING: 'hello from the template' },
    scripts: [],
    metadata: [],
    health_checks: [],
    build_id: randomUUID(),
    ...overrides,
  }
}

function script(text: string, overrides: Partial<Script> = {}): Script {
  return {
    id: randomUUID(),
    log_source_id: randomUUID(),
    display_name: 'Script',
    script: text,
    run_on_start: true,
    run_on_stop: false,
    start_blocks_login: false,
    timeout_seconds: 0,
    cron: '',
    log_path: '',
    ...overrides,
  }
}

function marked(): Promise<number[]> {
  return listProcessesWith('OUTPOST_WORKSPACE_DIR', homeDir)
}

async function isRunning(pid: number): Promise<boolean> {
  return (await listProcesses()).some((running) => running.pid === pid)
}

test('runs a shell that knows its workspace and none of the parent’s secrets', async () => {
  startAgent()
  await server.sendManifest(manifest())
  expect(server.tokens).toEqual(['the-token'])
  const terminal = await server.terminal({ id: randomUUID(), cols: 100, rows: 30 })
  terminal.type(
    'echo "[$CODER $CODER_WORKSPACE_NAME $GREETING $TERM ${MY_API_TOKEN-none}]"; stty size; pwd\r',
  )
  await terminal.see(/\[true my-workspace hello from the template xterm-256color none\]/)
  await terminal.see(/30 100/)
  await terminal.see(new RegExp(`\n${homeDir}\r`))
  terminal.resize(120, 40)
  terminal.type('stty size\r')
  await terminal.see(/40 120/)
  terminal.type('exit\r')
  await terminal.ended
})

test('tells in the log of the workspace which secret file and folder could not be made', async () => {
  startAgent()
  writeFileSync(join(homeDir, 'taken'), '')
  const secrets = [{ env_name: '', file_path: '~/taken/token', value: 'seeded-secret' }]
  await server.sendManifest(manifest({ secrets, directory: 'taken' }))
  const events = await server.events()
  const line = (text: RegExp) => events.find((event) => event.type === 'log' && text.test(event.output))
  expect(await line(/secret file ~\/taken\/token could not be written/)).toMatchObject({
    log_source_id: agentLogSourceId,
    level: 'warn',
  })
  await line(/folder for shells could not be made/)
  expect(JSON.stringify(events.seen)).not.toContain('seeded-secret')
})

test('keeps a detached shell with its history, and shares it between clients', async () => {
  startAgent()
  await server.sendManifest(manifest())
  const id = randomUUID()
  const first = await server.terminal({ id })
  first.type('MARK=kept; echo "value=$MARK"\r')
  await first.see(/value=kept/)
  await first.detach()
  const second = await server.terminal({ id, cols: 90, rows: 20 })
  await second.see(/value=kept/)
  const third = await server.terminal({ id, cols: 70, rows: 10 })
  second.type('echo "again=$MARK"; stty size\r')
  await third.see(/again=kept/)
  await third.see(/10 70/)
  await second.see(/10 70/)
  await third.detach()
  second.type('clear; stty size\r')
  await second.see(/20 90/)
  second.type('exit\r')
  await second.ended
})

test('keeps its shells when the link is lost and the manifest comes again', async () => {
  startAgent()
  const wanted = manifest({ scripts: [script('echo started >> starts')] })
  await server.sendManifest(wanted)
  await (await server.events()).lifecycle('ready')
  const id = randomUUID()
  const before = await server.terminal({ id })
  before.type('echo "pid=$$."\r')
  const [, pid] = await before.see(/pid=(\d+)\./)
  await server.cut()
  await before.ended
  await server.sendManifest(wanted)
  const after = await server.terminal({ id })
  await after.see(new RegExp(`pid=${pid}\\.`))
  await (await server.events()).lifecycle('ready')
  expect(readFileSync(join(homeDir, 'starts'), 'utf8')).toBe('started\n')
})

test('delivers every byte of a program that has ended to a client that reads slowly', async () => {
  startAgent()
  await server.sendManifest(manifest())
  const bytes = 3_000_000
  const terminal = await server.terminal({
    id: randomUUID(),
    command: `stty raw; head -c ${bytes} /dev/zero | tr '\\0' x; echo done`,
  })
  // Stop reading until the program stands still, then read in small steps.
  terminal.stream.pause()
  for (let round = 0; round < 20; round += 1) await server.request('GET', '/ping')
  expect(terminal.bytes).toBeLessThan(bytes / 2)
  terminal.stream.resume()
  await terminal.ended
  expect(terminal.bytes).toBe(bytes + 'done\n'.length)
  expect(terminal.output.endsWith('done\n')).toBe(true)
})

test('runs the start scripts side by side and reports their lines and ends', async () => {
  startAgent()
  const good = script(
    '#!/bin/sh\nwhile [ ! -e other ]; do sleep 0.05; done; echo one; echo two >&2; printf three',
  )
  const bad = script('touch other; echo bye; exit 3')
  await server.sendManifest(manifest({ scripts: [good, bad] }))
  const events = await server.events()
  await events.lifecycle('start_error')
  const completed = await events.find(
    (event) => event.type === 'script-completed' && event.script_id === bad.id,
  )
  expect(completed).toMatchObject({ exit_code: 3, status: 'exit_failure', stage: 'start' })
  const lines = events.seen.flatMap((event) =>
    event.type === 'log' && event.log_source_id === good.log_source_id
      ? [`${event.level} ${event.output}`]
      : [],
  )
  expect(lines.sort()).toEqual(['error two', 'info one', 'info three'])
  expect(events.seen[0]).toMatchObject({ type: 'hello', expanded_directory: homeDir })
})

test('replays only the log lines the server does not have yet', async () => {
  startAgent()
  await server.sendManifest(
    manifest({ scripts: [script('echo one; echo two; while [ ! -e go ]; do sleep 0.05; done; echo three')] }),
  )
  const before = await server.events()
  const second = await before.find((event) => event.type === 'log' && event.output === 'two')
  await server.cut()
  mkdirSync(join(homeDir, 'go'))
  const after = await server.events(second.type === 'log' ? second.seq : 0)
  await after.find((event) => event.type === 'log' && event.output === 'three')
  await after.lifecycle('ready')
  expect(after.logLines).toEqual(['three'])
})

test('ends a script that takes too long with all it started', async () => {
  startAgent()
  const slow = script('sleep 1000 & setsid sleep 1001 & sleep 1002', { timeout_seconds: 1 })
  await server.sendManifest(manifest({ scripts: [slow] }))
  const events = await server.events()
  await events.lifecycle('start_timeout')
  const completed = await events.find((event) => event.type === 'script-completed')
  expect(completed).toMatchObject({ status: 'timed_out' })
})

test('does not wait for what a start script leaves in the background, and ends it at shutdown', async () => {
  const started = startAgent()
  const background = script('setsid sleep 1000 & echo "background=$!"')
  await server.sendManifest(manifest({ scripts: [background] }))
  const events = await server.events()
  await events.lifecycle('ready')
  expect(events.seen).toContainEqual(
    expect.objectContaining({ type: 'script-completed', status: 'pipes_left_open' }),
  )
  expect((await marked()).length).toBeGreaterThan(0)
  const { status } = await server.request('POST', '/shutdown', { reason: 'stop' })
  expect(status).toBe(204)
  expect(await marked()).toEqual([])
  expect(await exited).toBe(0)
  expect(await isRunning(started.pid ?? 0)).toBe(false)
})

test('runs the stop scripts at shutdown, ends every shell, and exits', async () => {
  startAgent()
  const stop = script('echo "stopping $CODER_WORKSPACE_NAME" > stopped', {
    run_on_start: false,
    run_on_stop: true,
  })
  await server.sendManifest(manifest({ scripts: [stop] }))
  const events = await server.events()
  await events.lifecycle('ready')
  const terminal = await server.terminal({ id: randomUUID() })
  terminal.type('trap "" HUP TERM; (trap "" HUP TERM; sleep 1000) & echo "armed"\r')
  await terminal.see(/\narmed/)
  await server.request('POST', '/shutdown', { reason: 'stop' })
  await events.lifecycle('off')
  expect(events.seen.flatMap((event) => (event.type === 'lifecycle' ? [event.state] : []))).toContain(
    'shutting_down',
  )
  expect(readFileSync(join(homeDir, 'stopped'), 'utf8')).toBe('stopping my-workspace\n')
  expect(await exited).toBe(0)
}, 15_000)

test('ends at once when it is told to while a stop script takes its time', async () => {
  const started = startAgent()
  const slow = script('touch stopping; sleep 1000', {
    run_on_start: false,
    run_on_stop: true,
    timeout_seconds: 900,
  })
  await server.sendManifest(manifest({ scripts: [slow] }))
  await (await server.events()).lifecycle('ready')
  const answer = server.request('POST', '/shutdown', { reason: 'stop' }).catch(() => undefined)
  await waitFor('the stop script runs', () => (existsSync(join(homeDir, 'stopping')) ? true : undefined))
  started.kill()
  expect(await exited).toBe(0)
  await answer
}, 15_000)

test('takes back the folder of an agent that was killed: its leftovers are ended first', async () => {
  const killed = startAgent()
  await server.sendManifest(
    manifest({ scripts: [script('setsid nohup sleep 1000 >/dev/null 2>&1 & touch ready')] }),
  )
  await (await server.events()).lifecycle('ready')
  const leftovers = await marked()
  expect(leftovers.length).toBeGreaterThan(0)
  process.kill(killed.pid ?? 0, 'SIGKILL')
  await Promise.all([exited, server.lost()])
  startAgent()
  await server.sendManifest(manifest())
  expect(await marked()).not.toEqual(expect.arrayContaining(leftovers))
})

test('removes the script that an agent was running when it was killed', async () => {
  const killed = startAgent()
  await server.sendManifest(manifest({ scripts: [script('echo "$0" > name; mv name where; sleep 1000')] }))
  const where = join(homeDir, 'where')
  await waitFor('the script runs', () => (existsSync(where) ? true : undefined))
  const file = readFileSync(where, 'utf8').trim()
  expect(existsSync(file)).toBe(true)
  process.kill(killed.pid ?? 0, 'SIGKILL')
  await Promise.all([exited, server.lost()])
  startAgent()
  await server.sendManifest(manifest())
  expect(existsSync(file)).toBe(false)
})

test('ends with its shells when it is told to', async () => {
  const started = startAgent()
  await server.sendManifest(manifest())
  const terminal = await server.terminal({ id: randomUUID(), command: 'echo up; sleep 1000' })
  await terminal.see(/up/)
  started.kill()
  expect(await exited).toBe(0)
  await terminal.ended
})

test('ends with its shells when its parent goes away', async () => {
  const child = fork(fileURLToPath(new URL('../bin/agent.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const gone = once(child, 'exit')
  child.send(init())
  await server.sendManifest(manifest())
  const terminal = await server.terminal({ id: randomUUID(), command: 'echo up; sleep 1000' })
  await terminal.see(/up/)
  child.disconnect()
  expect(await gone).toEqual([0, null])
  await terminal.ended
})

test('ends with a sentence when the server disowns it', async () => {
  server.refuseWith = 401
  startAgent()
  expect(await exited).toBe(1)
  expect(messages.at(-1)).toEqual({
    type: 'fatal',
    message: 'The server refused the workspace agent (status 401).',
  })
})

test('answers 409 to a terminal before the manifest and 400 to one without an id', async () => {
  startAgent()
  const early = await server.terminal({ id: randomUUID() })
  expect(early.status).toBe(409)
  await early.see(/The workspace is not set up yet/)
  expect((await server.request('POST', '/pty?reconnect=nonsense')).status).toBe(400)
  expect((await server.request('GET', '/nowhere')).status).toBe(404)
  expect((await server.request('POST', '/manifest', { nonsense: true })).status).toBe(400)
  expect(existsSync(homeDir)).toBe(true)
})
