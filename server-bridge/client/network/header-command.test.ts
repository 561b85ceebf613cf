import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { sendJson } from '../../testing/stub-server.ts'
import { ask, buildInfo, clientOver, token, useNetworks } from '../../testing/tested-network.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import { createReconnectingSocket } from '../reconnecting-socket.ts'

const { clientTo, echo, ends, folder, networkTo, serve } = useNetworks()

describe('the header command', () => {
  it('is asked again when something on the way refuses what it said, once, and by Coder itself never', async () => {
    let isCoders = false
    const server = await serve({
      onRequest: (request, response) => {
        if (request.headers['x-run'] === '2') sendJson(response, 200, buildInfo)
        else if (isCoders) sendJson(response, 403, { message: 'No entry.' })
        else response.writeHead(403).end('No entry.')
      },
    })
    const headerCommand = `cd '${folder.path('')}' && echo >> runs && echo "X-Run=$(wc -l < runs | tr -d ' ')"`
    const client = clientTo(server.url, { headerCommand })
    expect((await ask(client)).version).toBe('v2.31.0')
    expect(server.requests.map(({ headers }) => headers['x-run'])).toEqual(['1', '2'])
    await folder.write('runs', '')
    isCoders = true
    await expect(ask(clientTo(server.url, { headerCommand }))).rejects.toMatchObject({ code: 'forbidden' })
    expect(server.requests).toHaveLength(3)
  })

  it('renews for a socket as well', async () => {
    const server = await serve({
      refuse: (request) => (request.headers['x-run'] === '2' ? undefined : { status: 401 }),
    })
    const headerCommand = `cd '${folder.path('')}' && echo >> runs && echo "X-Run=$(wc -l < runs | tr -d ' ')"`
    const clock = createFakeClock()
    const client = clientTo(server.url, { headerCommand })
    const opened = new Promise<void>((resolve, reject) => {
      const socket = createReconnectingSocket({
        clock,
        target: () => client.socket(workspacesRoutes.watchWs, { params: { workspace: sampleId } }),
        onMessage: () => undefined,
        onState: (state) => {
          if (state.name === 'waiting') socket.retryNow()
          if (state.name === 'open') resolve()
          if (state.name === 'failed') reject(new Error(state.reason))
        },
      })
      ends.push(socket.close)
      socket.start()
    })
    await opened
    expect(server.requests).toHaveLength(2)
  })

  it('reaches the deployment alone: not where it redirects to, and not another address', async () => {
    const elsewhere = await serve()
    const server = await serve({
      onRequest: (request, response) => {
        const to = request.url === '/api/v2/buildinfo' ? '/moved' : `${elsewhere.url}/caught`
        response.writeHead(302, { Location: to }).end()
      },
      refuse: () => ({ status: 302, headers: `Location: ${elsewhere.url}/socket` }),
    })
    const network = networkTo(server.url, { headerCommand: 'echo X-Gate=seeded-secret' })
    const client = clientOver(server.url, network)
    await expect(ask(client)).rejects.toMatchObject({ code: 'redirected', redirectedTo: elsewhere.url })
    await expect(echo(client)).rejects.toThrow(/redirects to/)
    await expect(network.fetch(`${server.url}/x`, { redirect: 'error' })).rejects.toMatchObject({
      code: 'redirected',
    })
    await expect(network.fetch(`${elsewhere.url}/x`)).rejects.toMatchObject({ code: 'redirected' })
    await expect(network.prepare(`${elsewhere.url.replace('http', 'ws')}/x`)).rejects.toMatchObject({
      code: 'redirected',
    })
    expect(server.requests.map(({ headers }) => headers['x-gate'])).toEqual(Array(4).fill('seeded-secret'))
    expect(elsewhere.requests).toEqual([])
  })

  it('cannot replace the token, and a cookie is never sent back', async () => {
    const server = await serve({
      onRequest: (_request, response) => {
        response.setHeader('Set-Cookie', 'coder_session_token=stale; Path=/')
        sendJson(response, 200, { id: sampleId })
      },
    })
    const network = networkTo(server.url, { headerCommand: 'printf "coder-session-token=mine\\nX-A=1=2\\n"' })
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await network.fetch(`${server.url}/x`, { headers: { 'Coder-Session-Token': token } })
      expect(answer.headers.has('set-cookie')).toBe(false)
      await answer.text()
    }
    for (const { headers } of server.requests) {
      expect(headers['coder-session-token']).toBe(token)
      expect(headers['x-a']).toBe('1=2')
      expect(headers.cookie).toBeUndefined()
    }
  })

  it.each([
    ['exit 3', 'The header command ended with status 3 and said nothing. Change it'],
    [
      'echo "token=seeded-secret expired" >&2; false',
      'ended with status 1: token=[redacted] expired. Change it',
    ],
    ['echo seeded-secret', 'printed something else than name=value in line 1.'],
    ['printf "X-A=1\\n=seeded-secret\\n"', 'in line 2.'],
    ['echo "Bad Name=1"', 'in line 1.'],
    ['printf "X-A=a\\033[0m"', 'printed a value in line 1 that no header can carry.'],
    ['echo Host=evil.example', 'printed Host, which is not its to set.'],
  ])('that says %j is told about', async (headerCommand, words) => {
    const server = await serve()
    const failed = ask(clientTo(server.url, { headerCommand }))
    await expect(failed).rejects.toMatchObject({
      code: 'command',
      message: expect.stringContaining(words) as string,
    })
    await expect(failed).rejects.not.toThrow(/seeded-secret/)
    expect(server.requests).toEqual([])
  })

  it('is kept for minutes, given up after half a minute, and ended with all it started', async () => {
    const server = await serve()
    const clock = createFakeClock()
    const headerCommand = `cd '${folder.path('')}' && echo >> runs && echo "X-Run=$(wc -l < runs | tr -d ' ')"`
    const client = clientOver(server.url, networkTo(server.url, { headerCommand }, clock))
    await ask(client)
    await ask(client)
    clock.advance(5 * 60_000)
    await ask(client)
    expect(server.requests.map(({ headers }) => headers['x-run'])).toEqual(['1', '1', '2'])

    const pidFile = folder.path('pid')
    const hanging = networkTo(
      server.url,
      { headerCommand: `sleep 1000 & echo $! > '${pidFile}'; wait` },
      clock,
    )
    const failed = ask(clientOver(server.url, hanging))
    const pid = await waitFor('the command runs', () =>
      readFile(pidFile, 'utf8').then(
        (text) => (text.endsWith('\n') ? Number(text) : undefined),
        () => undefined,
      ),
    )
    clock.advance(30_000)
    await expect(failed).rejects.toThrow(/did not end within 30 s/)
    await waitFor('what it started has ended', () => (isRunning(pid) ? undefined : true))
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
