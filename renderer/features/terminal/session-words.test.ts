import { describe, expect, it } from 'vitest'
import type { WorkspaceAgent, WorkspaceAgentScript } from '#bridge/contract/workspace-agents'
import {
  sampleAgent,
  sampleBuild,
  sampleDeployment,
  sampleId,
  sampleWorkspace,
} from '../../testing/wire-samples.ts'
import { sessionWords, type SessionSituation } from './session-words.ts'

const startScript: WorkspaceAgentScript = {
  id: sampleId(7),
  log_source_id: sampleId(8),
  log_path: '',
  script: 'make',
  cron: '',
  run_on_start: true,
  run_on_stop: false,
  start_blocks_login: false,
  timeout: 0,
  display_name: 'Make',
}
const running = sampleWorkspace()
const stopped = sampleWorkspace({ latest_build: sampleBuild({ status: 'stopped', transition: 'stop' }, []) })
const starting = sampleWorkspace({ latest_build: sampleBuild({ status: 'starting' }, []) })

function words(change: Partial<SessionSituation>) {
  return sessionWords({
    name: 'api',
    state: { kind: 'connected', rejoined: false },
    agentId: sampleAgent().id,
    workspace: running,
    isGone: false,
    deployment: sampleDeployment(),
    ...change,
  })
}

const waiting = { kind: 'waiting', attempt: 2, retryAt: 1234, reason: 'The network is down.' } as const

describe('the line over a terminal', () => {
  it('is not there while the terminal works', () => {
    expect(words({})).toBeUndefined()
  })

  it('says that the start scripts still run, and goes away with them', () => {
    const withAgent = (change: Partial<WorkspaceAgent>) =>
      words({ workspace: sampleWorkspace({ latest_build: sampleBuild({}, [sampleAgent(change)]) }) })
    const scripts = [startScript]
    expect(withAgent({ lifecycle_state: 'starting', scripts })).toMatchObject({
      tone: 'busy',
      stays: true,
      text: expect.stringContaining('start scripts are still running') as string,
    })
    expect(withAgent({ lifecycle_state: 'ready', scripts })).toBeUndefined()
    expect(withAgent({ lifecycle_state: 'starting' })).toBeUndefined()
    expect(withAgent({ lifecycle_state: 'starting', scripts, id: sampleId(9) })).toBeUndefined()
  })

  it('counts down to the next try and offers to try now', () => {
    expect(words({ state: waiting })).toMatchObject({
      text: 'The network is down.',
      retryAt: 1234,
      action: 'retry',
    })
  })

  it('offers a new shell after the old one ended', () => {
    expect(words({ state: { kind: 'ended' } })?.action).toBe('restart')
  })

  it('offers to start a stopped workspace, however the terminal lost it', () => {
    expect(words({ state: { kind: 'ended' }, workspace: stopped })?.action).toBe('start-workspace')
    expect(words({ state: waiting, workspace: stopped })?.text).toBe('api is stopped.')
  })

  it('promises to open by itself while the workspace starts', () => {
    expect(words({ state: waiting, workspace: starting })).toEqual({
      tone: 'busy',
      text: 'api: starting. The terminal opens by itself.',
    })
  })

  it('offers to sign in where that is what is missing', () => {
    const signedOut = sampleDeployment({ name: 'acme', state: { kind: 'signed_out', reason: 'Expired.' } })
    expect(words({ state: waiting, deployment: signedOut })?.action).toBe('sign-in')
    expect(words({ state: { kind: 'failed', code: 'signed_out', reason: 'Expired.' } })?.action).toBe(
      'sign-in',
    )
  })

  it('offers to close what is deleted for good', () => {
    expect(words({ state: waiting, workspace: undefined, isGone: true })?.action).toBe('close')
  })

  it('says that shells go on while the terminal service restarts', () => {
    expect(words({ state: { kind: 'bridge-lost' } })?.text).toContain('Your shells go on')
  })
})
