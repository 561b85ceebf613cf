import { describe, expect, it } from 'vitest'
import { workspaceStatusOf } from './workspace-builds.ts'
import { createWorkspaceRequestSchema, workspaceSchema } from './workspaces.ts'
import { zeroUuid } from './zero-values.ts'

const id = '3b579bf4-1ed8-4b99-87a8-e9a1e3410410'
const at = '2026-08-21T12:58:12.123456Z'

/** What the app cannot do without: an answer of a server that knows nothing newer. */
const minimal = {
  id,
  created_at: at,
  owner_id: id,
  owner_name: 'ann',
  organization_id: id,
  template_id: id,
  name: 'dev',
  latest_build: {
    id,
    created_at: at,
    workspace_id: id,
    template_version_id: id,
    build_number: 1,
    transition: 'start',
    job: { id, created_at: at, status: 'running' },
    status: 'starting',
  },
}

describe('a workspace as a server answers it', () => {
  it('may lack what older servers do not know', () => {
    const workspace = workspaceSchema.parse(minimal)
    expect(workspace.latest_build.resources).toEqual([])
    expect(workspace.favorite).toBe(false)
    expect(workspace.health).toEqual({ healthy: true, failing_agents: [] })
  })

  it('may hold what newer servers add', () => {
    const newer = {
      ...minimal,
      hologram: true,
      latest_build: { ...minimal.latest_build, status: 'hibernated' },
    }
    const workspace = workspaceSchema.parse(newer)
    expect(workspace.latest_build.status).toBe('hibernated')
    expect(workspace).not.toHaveProperty('hologram')
  })

  it('may have null for empty lists and maps', () => {
    const build = {
      ...minimal.latest_build,
      resources: null,
      job: { ...minimal.latest_build.job, tags: null },
    }
    const workspace = workspaceSchema.parse({ ...minimal, latest_build: build, shared_with: null })
    expect(workspace.latest_build.job.tags).toEqual({})
    expect(workspace.shared_with).toEqual([])
  })

  it('must have an id, a name and a state, and times that can be read', () => {
    const problems = workspaceSchema.safeParse({ ...minimal, name: undefined, created_at: 'yesterday' })
    expect(problems.error?.issues.map((issue) => issue.path.join('.'))).toEqual(['created_at', 'name'])
  })
})

describe('a request to create a workspace', () => {
  it('names exactly one of template and version, where a zero id counts as none', () => {
    const parsed = createWorkspaceRequestSchema.parse({
      name: 'dev',
      template_id: id,
      template_version_id: zeroUuid,
    })
    expect(parsed).toEqual({ name: 'dev', template_id: id })
    for (const ids of [{}, { template_id: id, template_version_id: id }]) {
      const failed = createWorkspaceRequestSchema.safeParse({ name: 'dev', ...ids })
      expect(failed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([
        'template_id',
        'template_version_id',
      ])
    }
  })
})

describe("a workspace's state", () => {
  it.each([
    ['pending', 'start', 'pending'],
    ['running', 'start', 'starting'],
    ['running', 'stop', 'stopping'],
    ['running', 'delete', 'deleting'],
    ['succeeded', 'start', 'running'],
    ['succeeded', 'stop', 'stopped'],
    ['succeeded', 'delete', 'deleted'],
    ['canceling', 'start', 'canceling'],
    ['canceled', 'stop', 'canceled'],
    ['failed', 'delete', 'failed'],
    ['unknown', 'start', 'failed'],
  ])('of a %s job that wants to %s is %s', (job, transition, status) => {
    expect(workspaceStatusOf(job, transition)).toBe(status)
  })
})
