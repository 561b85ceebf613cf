import { describe, expect, it } from 'vitest'
import { createFakeProcessHost, type FakeProcess } from '../../testing/fake-ports.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createLocalServer } from './local-server.ts'

const TOKEN = 'Localowner-0123456789abcdefghijkl'

function open() {
  const host = createFakeProcessHost()
  const clock = createManualClock()
  const logger = createRecordingLogger()
  const server = createLocalServer({
    processHost: host,
    dataDir: '/data/local',
    ownerName: 'tester',
    secretKeys: () => [],
    clock,
    random: () => 0.5,
    logger,
  })
  const serve = (): FakeProcess => host.started.filter(({ entry }) => entry === 'serve').at(-1) as FakeProcess
  const agents = (): FakeProcess[] => host.started.filter(({ entry }) => entry === 'agent')
  const ready = (port = 4000): void => serve().say({ type: 'ready', url: `http://127.0.0.1:${port}`, pid: 7 })
  return { host, clock, logger, server, serve, agents, ready }
}

describe('the local server', () => {
  it('is started with its folder and any port, and tells its address when ready', () => {
    const { server, serve, ready } = open()
    server.start()
    expect(serve().posted).toEqual([
      { type: 'start', dataDir: '/data/local', port: 0, ownerName: 'tester', secretKeys: [] },
    ])
    expect(server.status.get()).toEqual({ kind: 'starting' })
    ready()
    expect(server.status.get()).toEqual({ kind: 'ready', url: 'http://127.0.0.1:4000' })
  })

  it('is started again at the same address after a crash', () => {
    const { server, serve, clock, ready } = open()
    server.start()
    ready(4321)
    serve().exit(139)
    expect(server.status.get()).toMatchObject({ kind: 'restarting' })
    clock.advance(1000)
    expect(serve().posted[0]).toMatchObject({ port: 4321 })
    ready(4321)
    expect(server.status.get()).toMatchObject({ kind: 'ready' })
  })

  it('takes another port when the old one is gone, and ends the agents that would look for it there', () => {
    const { server, serve, clock, ready, agents } = open()
    server.start()
    ready(4321)
    serve().say({ type: 'process-spawn', processId: 'a', entry: 'agent' })
    serve().exit(1)
    clock.advance(1000)
    serve().say({ type: 'failed', message: 'Port 4321 is taken.', detail: 'EADDRINUSE' })
    serve().exit(1)
    clock.advance(5000)
    expect(serve().posted[0]).toMatchObject({ port: 0 })
    expect(agents()[0]?.killed).toBe(true)
  })

  it('is neither ready nor started again when it was asked to end while it started', async () => {
    const { server, serve, clock, host, ready } = open()
    server.start()
    const closed = server.close()
    ready()
    expect(server.status.get()).toEqual({ kind: 'stopped' })
    serve().exit(0)
    await closed
    clock.advance(600_000)
    expect(host.started).toHaveLength(1)
  })

  it('says why it cannot run and does not try again by itself', () => {
    const { server, serve, clock, host } = open()
    server.start()
    serve().say({
      type: 'failed',
      message: 'The database was written by a newer Outpost.',
      detail: 'version 9',
    })
    serve().exit(1)
    clock.advance(600_000)
    expect(host.started).toHaveLength(1)
    expect(server.status.get()).toEqual({
      kind: 'failed',
      reason: 'The database was written by a newer Outpost.',
      detail: 'version 9',
    })
    server.retry()
    expect(host.started).toHaveLength(2)
  })

  it('ends a server that never gets ready', () => {
    const { server, serve, clock } = open()
    server.start()
    clock.advance(30_000)
    expect(serve().killed).toBe(true)
  })

  it('signs the owner in over the parent port', async () => {
    const { server, serve, ready } = open()
    server.start()
    await expect(server.mintOwnerSession()).rejects.toThrow('not running')
    ready()
    const minted = server.mintOwnerSession()
    const asked = serve().posted.at(-1) as { requestId: string }
    serve().say({ type: 'owner-session', requestId: 'another', token: 'x' })
    serve().say({ type: 'owner-session', requestId: asked.requestId, token: TOKEN })
    expect(await minted).toBe(TOKEN)
  })

  it.each<[string, (parts: ReturnType<typeof open>, requestId: string) => void]>([
    [
      'the server refuses',
      ({ serve }, requestId) => serve().say({ type: 'owner-session-failed', requestId, message: 'no' }),
    ],
    ['the server crashes', ({ serve }) => serve().exit(1)],
    ['the server is silent', ({ clock }) => clock.advance(15_000)],
  ])('does not wait for ever for a session when %s', async (_, act) => {
    const parts = open()
    parts.server.start()
    parts.ready()
    const minted = parts.server.mintOwnerSession()
    const { requestId } = parts.serve().posted.at(-1) as { requestId: string }
    act(parts, requestId)
    await expect(minted).rejects.toThrow()
  })

  it('starts agents for the server, and passes messages and the end of each on', () => {
    const { server, serve, ready, agents } = open()
    server.start()
    ready()
    serve().say({ type: 'process-spawn', processId: 'a', entry: 'agent' })
    const [agent] = agents()
    expect(serve().posted.at(-1)).toEqual({ type: 'process-spawned', processId: 'a', pid: agent?.pid })
    serve().say({ type: 'process-post', processId: 'a', message: { hello: 1 } })
    expect(agent?.posted).toEqual([{ hello: 1 }])
    agent?.say({ type: 'started', pid: 5 })
    expect(serve().posted.at(-1)).toEqual({
      type: 'process-message',
      processId: 'a',
      message: { type: 'started', pid: 5 },
    })
    serve().say({ type: 'process-kill', processId: 'a' })
    expect(agent?.killed).toBe(true)
    agent?.exit(0)
    expect(serve().posted.at(-1)).toEqual({ type: 'process-exited', processId: 'a', exitCode: 0 })
  })

  it('keeps agents over a crash of the server, and ends them with the app', async () => {
    const { server, serve, ready, agents, clock } = open()
    server.start()
    ready()
    serve().say({ type: 'process-spawn', processId: 'a', entry: 'agent' })
    serve().exit(139)
    clock.advance(1000)
    expect(agents()[0]?.killed).toBe(false)
    serve().say({ type: 'process-spawn', processId: 'a', entry: 'agent' })
    expect(agents()).toHaveLength(1)
    expect(serve().posted.at(-1)).toMatchObject({ type: 'process-spawned', processId: 'a' })
    const closed = server.close()
    expect(serve().posted.at(-1)).toEqual({ type: 'shutdown' })
    serve().exit(0)
    await closed
    expect(agents()[0]?.killed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('ignores what is not in the contract', () => {
    const { server, serve, logger, host } = open()
    server.start()
    serve().say({ type: 'process-spawn', processId: 'a', entry: 'serve' })
    serve().say({ type: 'ready', url: 'http://127.0.0.1:1', pid: 1, extra: true })
    serve().say('ready')
    expect(host.started).toHaveLength(1)
    expect(server.status.get()).toEqual({ kind: 'starting' })
    expect(logger.lines.join('')).toContain('not in the contract')
  })
})
