import type { Deployment } from '#ipc/deployments'
import type { Workspace } from '#bridge/contract/workspaces'
import { agentsOf, workspaceActions, workspaceState } from '../workspaces/index.ts'
import type { SessionState } from './terminal-session.ts'

/** What a button under the terminal does. */
export type SessionAction = 'retry' | 'restart' | 'start-workspace' | 'sign-in' | 'close'

export interface SessionWords {
  readonly tone: 'busy' | 'warn' | 'bad' | 'info'
  readonly text: string
  /** The next try by itself, epoch milliseconds. */
  readonly retryAt?: number
  readonly action?: SessionAction
  /** Long enough that nothing may lie under it. */
  readonly stays?: boolean
}

export interface SessionSituation {
  readonly name: string
  readonly state: SessionState
  /** Whose shell it is. */
  readonly agentId: string
  /** Unknown until its first answer, or when it cannot be had. */
  readonly workspace: Workspace | undefined
  /** The deployment has no such workspace any more. */
  readonly isGone: boolean
  readonly deployment: Deployment | undefined
}

/** The line over a terminal: what it waits for and the way on. `undefined` while it simply works. */
export function sessionWords(situation: SessionSituation): SessionWords | undefined {
  const { name, state, workspace, deployment } = situation
  if (state.kind === 'connected') return isStarting(situation) ? startScriptsRun : undefined
  if (situation.isGone) return { tone: 'info', text: `${name} is deleted.`, action: 'close' }
  if (state.kind === 'bridge-lost') {
    return { tone: 'busy', text: 'The terminal service is starting. Your shells go on in their workspaces.' }
  }
  if (deployment?.state.kind === 'signed_out') {
    return { tone: 'warn', text: `You are signed out of ${deployment.name}.`, action: 'sign-in' }
  }
  const fromWorkspace = workspace ? workspaceWords(name, workspace) : undefined
  if (fromWorkspace) return fromWorkspace
  if (state.kind === 'ended') return { tone: 'info', text: 'The shell has ended.', action: 'restart' }
  if (state.kind === 'connecting') {
    const text = state.attempt > 1 ? `Connecting to ${name}, try ${state.attempt}` : `Connecting to ${name}`
    return { tone: 'busy', text }
  }
  if (state.kind === 'waiting') {
    return { tone: 'warn', text: state.reason, retryAt: state.retryAt, action: 'retry' }
  }
  return failedWords(state)
}

/** It stays for as long as they run, so it must not lie over what is typed meanwhile. */
const startScriptsRun: SessionWords = {
  tone: 'busy',
  stays: true,
  text: 'The start scripts are still running. Until they have ended the workspace may be incomplete.',
}

/** A shell may be entered before the start scripts have ended, as in Coder's own terminal. */
function isStarting({ workspace, agentId }: SessionSituation): boolean {
  const agents = workspace ? agentsOf(workspace.latest_build) : []
  const agent = agents.find(({ id }) => id === agentId)
  return agent?.lifecycle_state === 'starting' && agent.scripts.some((script) => script.run_on_start)
}

/** A workspace that does not run explains a lost terminal better than the socket's own words. */
function workspaceWords(name: string, workspace: Workspace): SessionWords | undefined {
  const { status } = workspace.latest_build
  if (status === 'running') return undefined
  const { canStart } = workspaceActions(workspace)
  const state = workspaceState(workspace).label.toLowerCase()
  if (canStart) {
    const text = status === 'stopped' ? `${name} is stopped.` : `${name}: ${state}.`
    return { tone: 'info', text, action: 'start-workspace' }
  }
  if (status === 'deleting' || status === 'deleted')
    return { tone: 'info', text: `${name} is deleted.`, action: 'close' }
  return { tone: 'busy', text: `${name}: ${state}. The terminal opens by itself.` }
}

function failedWords(state: Extract<SessionState, { kind: 'failed' }>): SessionWords {
  switch (state.code) {
    case 'signed_out':
      return { tone: 'warn', text: state.reason, action: 'sign-in' }
    case 'no_deployment':
      return { tone: 'bad', text: state.reason, action: 'close' }
    case 'not_found':
    case 'agent_unreachable':
    case 'refused':
      return { tone: 'bad', text: state.reason, action: 'retry' }
  }
}
