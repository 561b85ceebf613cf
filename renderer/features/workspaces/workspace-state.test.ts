import { describe, expect, it } from 'vitest'
import { sampleAgent, sampleBuild, sampleJob, sampleWorkspace } from '../../testing/wire-samples.ts'
import { workspaceActions, workspaceState } from './workspace-state.ts'

function withAgent(change: Parameters<typeof sampleAgent>[0]) {
  return sampleWorkspace({ latest_build: sampleBuild({}, [sampleAgent(change)]) })
}
function withBuild(change: Parameters<typeof sampleBuild>[0]) {
  return sampleWorkspace({ latest_build: sampleBuild(change, []) })
}
const blocking = {
  id: '',
  log_source_id: '',
  log_path: '',
  script: '',
  cron: '',
  run_on_start: true,
  run_on_stop: false,
  start_blocks_login: true,
  timeout: 0,
  display_name: '',
}

describe('the words for a workspace', () => {
  it.each([
    [withAgent({}), 'Running'],
    [withAgent({ status: 'connecting' }), 'Starting the agent'],
    [withAgent({ status: 'timeout' }), 'Agent did not start'],
    [withAgent({ status: 'disconnected' }), 'Agent unreachable'],
    [withAgent({ lifecycle_state: 'starting' }), 'Running'],
    [withAgent({ lifecycle_state: 'starting', scripts: [blocking] }), 'Running start scripts'],
    [withAgent({ lifecycle_state: 'start_error' }), 'Start script failed'],
    [withBuild({ status: 'running' }), 'Running'],
    [withBuild({ status: 'stopped', transition: 'stop' }), 'Stopped'],
    [withBuild({ status: 'failed', transition: 'stop' }), 'Stop failed'],
    [withBuild({ status: 'pending', job: sampleJob({ queue_position: 1 }) }), 'Queued'],
    [withBuild({ status: 'pending', job: sampleJob({ queue_position: 12 }) }), 'Queued, 12th in line'],
    [withBuild({ status: 'pending', job: sampleJob({ queue_position: 22 }) }), 'Queued, 22nd in line'],
    [withBuild({ status: 'from-a-newer-server' }), 'Unknown state'],
  ])('case %# says so', (workspace, label) => {
    expect(workspaceState(workspace).label).toBe(label)
  })

  it('let the worst agent speak', () => {
    const agents = [sampleAgent({}), sampleAgent({ status: 'disconnected' })]
    expect(workspaceState(sampleWorkspace({ latest_build: sampleBuild({}, agents) })).status).toBe(
      'unhealthy',
    )
  })

  it('do not let a dev container speak for the workspace', () => {
    const agents = [sampleAgent({}), sampleAgent({ status: 'disconnected', parent_id: 'main' })]
    expect(workspaceState(sampleWorkspace({ latest_build: sampleBuild({}, agents) })).status).toBe('running')
  })
})

describe('what can be done', () => {
  it('is nothing but cancel while a build waits', () => {
    expect(workspaceActions(withBuild({ status: 'pending' }))).toEqual({
      isBuilding: true,
      canStart: false,
      canStop: false,
      canDelete: false,
      canCancel: true,
    })
  })

  it('is start, stop and delete after a failed start', () => {
    expect(workspaceActions(withBuild({ status: 'failed' }))).toMatchObject({
      canStart: true,
      canStop: true,
      canDelete: true,
    })
  })

  it('is no cancel where the template forbids it', () => {
    const workspace = sampleWorkspace({
      template_allow_user_cancel_workspace_jobs: false,
      latest_build: sampleBuild({ status: 'starting' }, []),
    })
    expect(workspaceActions(workspace).canCancel).toBe(false)
  })
})
