import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCoderClient } from '#bridge/client/coder-client'
import type { Workspace } from '#bridge/contract/workspaces'
import { sendJson, startStubServer } from '#bridge/testing/stub-server'
import { sampleWorkspace } from '#bridge/testing/wire-samples'
import { loadWorkspaces } from './load-workspaces.ts'

const workspaces = (count: number): Workspace[] =>
  Array.from({ length: count }, (_, index) =>
    sampleWorkspace({ id: randomUUID(), name: `ws-${String(index)}` }),
  )

/** A deployment whose list is `all()`, as it is at the moment of each request. */
async function listServer(all: () => readonly Workspace[]) {
  const asked: string[] = []
  const server = await startStubServer({
    onRequest: (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const offset = Number(searchParams.get('offset'))
      const limit = Number(searchParams.get('limit'))
      asked.push(`${String(offset)}+${String(limit)} ${searchParams.get('q') ?? ''}`)
      const rows = all()
      sendJson(response, 200, { workspaces: rows.slice(offset, offset + limit), count: rows.length })
    },
  })
  return { server, asked, client: createCoderClient({ baseUrl: server.url, token: 'seeded-secret-token' }) }
}

describe('loading a list of workspaces', () => {
  it('reads a big deployment page by page, with the query on each', async () => {
    const all = workspaces(450)
    const { server, asked, client } = await listServer(() => all)
    const answer = await loadWorkspaces(client, 'owner:me')
    expect(answer.workspaces.map(({ name }) => name)).toEqual(all.map(({ name }) => name))
    expect(answer.count).toBe(450)
    expect(asked).toEqual(['0+200 owner:me', '200+200 owner:me', '400+200 owner:me'])
    await server.close()
  })

  it('asks once where one page holds everything', async () => {
    const all = workspaces(200)
    const { server, asked, client } = await listServer(() => all)
    expect((await loadWorkspaces(client, '')).workspaces).toHaveLength(200)
    expect(asked).toHaveLength(1)
    await server.close()
  })

  it('shows a workspace that moves to the next page meanwhile once', async () => {
    let all = workspaces(201)
    const { server, client } = await listServer(() => {
      const now = all
      all = [sampleWorkspace({ id: randomUUID(), name: 'new' }), ...all.slice(0, 201)]
      return now
    })
    const { workspaces: loaded } = await loadWorkspaces(client, '')
    expect(new Set(loaded.map(({ id }) => id)).size).toBe(loaded.length)
    await server.close()
  })
})
