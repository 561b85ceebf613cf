import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RouteDefinition } from '../contract/route.ts'
import { silentLogger } from '../lib/logger.ts'
import { recordAnswers, unmetAnswers } from './seen-answers.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-seen-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const route = (path: string, more: Partial<RouteDefinition> = {}): RouteDefinition => ({
  method: 'GET',
  path,
  auth: 'user',
  status: 200,
  errors: [],
  ...more,
})
function record(routes: readonly RouteDefinition[]) {
  const recorder = recordAnswers(silentLogger, folder)!
  recorder.setRoutes(routes)
  return (path: string, status: number, method = 'GET') =>
    recorder.logger.child({ part: 'http' }).debug('Request', { method, path, status })
}

describe('answers that no test has met', () => {
  it('are the errors a contract names and the success of each route', () => {
    const see = record([
      route('/things', { errors: [401, 409] }),
      route('/things/{thing}', { errors: [404] }),
    ])
    see('/things', 401)
    see('/things/7', 200)
    see('/elsewhere', 404)
    expect(unmetAnswers(folder)).toEqual([
      'GET /things 409',
      'GET /things success',
      'GET /things/{thing} 404',
    ])
  })

  it('belong to the first route that fits, by its method', () => {
    const see = record([
      route('/things/a.b', { errors: [400] }),
      route('/things/{thing}', { errors: [400] }),
      route('/things/{thing}', { method: 'DELETE', errors: [400] }),
    ])
    for (const path of ['/things/a.b', '/things/aXb']) {
      see(path, 200)
      see(path, 400)
    }
    see('/things/1', 200, 'DELETE')
    expect(unmetAnswers(folder)).toEqual(['DELETE /things/{thing} 400'])
  })

  it('are none where a route that only refuses has refused', () => {
    const see = record([route('/closed', { status: 403 }), route('/gone', { status: 410 })])
    see('/closed', 403)
    see('/gone', 404)
    expect(unmetAnswers(folder)).toEqual(['GET /gone success'])
  })

  it('include the success of what is listed as never succeeding, once it does', () => {
    const path = '/api/v2/workspaces/{workspace}/acl'
    const see = record([route(path)])
    expect(unmetAnswers(folder)).toEqual([])
    see('/api/v2/workspaces/1/acl', 200)
    expect(unmetAnswers(folder)).toEqual([`GET ${path} succeeds, but is listed as one that never does`])
  })

  it('count what came before the routes were known', () => {
    const recorder = recordAnswers(silentLogger, folder)!
    recorder.logger.debug('Request', { method: 'GET', path: '/things', status: 204 })
    recorder.setRoutes([route('/things')])
    expect(unmetAnswers(folder)).toEqual([])
  })
})

it('nothing is recorded where nobody asks for it', () => {
  expect(recordAnswers(silentLogger, '')).toBeUndefined()
})
