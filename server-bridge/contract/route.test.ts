import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apiKeysRoutes } from './api-keys.ts'
import { buildInfoRoutes } from './build-info.ts'
import { deploymentRoutes } from './deployment.ts'
import { dynamicParametersRoutes } from './dynamic-parameters.ts'
import { filesRoutes } from './files.ts'
import { organizationsRoutes } from './organizations.ts'
import { fillPath } from './route.ts'
import type { RouteDefinition } from './route.ts'
import { templateVersionsRoutes } from './template-versions.ts'
import { templateDryRunsRoutes } from './template-dry-runs.ts'
import { templatesRoutes } from './templates.ts'
import { usersRoutes } from './users.ts'
import { workspaceAgentsRoutes } from './workspace-agents.ts'
import { workspaceBuildsRoutes } from './workspace-builds.ts'
import { workspacesRoutes } from './workspaces.ts'

const tables: Record<string, RouteDefinition>[] = [
  apiKeysRoutes,
  buildInfoRoutes,
  deploymentRoutes,
  dynamicParametersRoutes,
  filesRoutes,
  organizationsRoutes,
  templateDryRunsRoutes,
  templatesRoutes,
  templateVersionsRoutes,
  usersRoutes,
  workspaceAgentsRoutes,
  workspaceBuildsRoutes,
  workspacesRoutes,
]

describe('the route tables', () => {
  it('hold no route twice, but for a log and its followed form', () => {
    const seen = tables.flatMap((table) =>
      Object.values(table).map((route) => `${route.method} ${route.path} ${route.stream ?? ''}`),
    )
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('give streams no JSON answer, and sockets the status of an upgrade', () => {
    for (const route of tables.flatMap((table) => Object.values(table))) {
      if (route.stream === undefined) continue
      expect(route.answer).toBeUndefined()
      expect(route.status).toBe(route.stream === 'sse' ? 200 : 101)
    }
  })
})

describe('filling a path', () => {
  it('keeps any name inside its segment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        fc.pre(name !== '.' && name !== '..')
        const path = fillPath('/api/v2/users/{user}/keys', { user: name })
        const url = new URL(path, 'https://coder.example.com')
        expect(url.host).toBe('coder.example.com')
        expect(url.search + url.hash).toBe('')
        const segments = url.pathname.split('/')
        expect(segments.length).toBe(6)
        expect(decodeURIComponent(segments[4] ?? '')).toBe(name)
      }),
    )
  })

  it.each(['', '.', '..'])('refuses %j, which a parser would fold away', (user) => {
    expect(() => fillPath('/api/v2/users/{user}', { user })).toThrow(TypeError)
  })
})
