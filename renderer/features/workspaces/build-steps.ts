import type { ProvisionerJobLog } from '#bridge/contract/provisioner-jobs'
import type { WorkspaceBuild } from '#bridge/contract/workspace-builds'
import { stageName } from './stage-name.ts'
import { agentsOf, agentState, isUsable } from './workspace-state.ts'

/** One named step of a build. */
export interface BuildStep {
  readonly name: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly startedAt: string | undefined
  readonly endedAt: string | undefined
}

const agentStepName = 'Start the agent'

/** The steps of a build: the queue, the stages its log names, and for a start the agent at the end. */
export function buildSteps(build: WorkspaceBuild, logs: readonly ProvisionerJobLog[]): readonly BuildStep[] {
  const { job } = build
  const isPending = job.status === 'pending'
  const queued: BuildStep = {
    name: 'Queued',
    state: isPending
      ? 'running'
      : job.started_at === undefined && isOver(job.status)
        ? endState(job.status)
        : 'done',
    startedAt: job.created_at,
    endedAt: job.started_at,
  }
  const stages = stageSteps(build, logs)
  const agentStep = build.transition === 'start' ? [startAgentStep(build)] : []
  return [queued, ...stages, ...agentStep]
}

function stageSteps({ job }: WorkspaceBuild, logs: readonly ProvisionerJobLog[]): BuildStep[] {
  const starts: { name: string; at: string }[] = []
  for (const log of logs) {
    if (log.stage !== '' && !starts.some(({ name }) => name === log.stage)) {
      starts.push({ name: log.stage, at: log.created_at })
    }
  }
  return starts.map(({ name: stage, at }, index): BuildStep => {
    const name = stageName(stage)
    const next = starts[index + 1]
    if (next) return { name, state: 'done', startedAt: at, endedAt: next.at }
    return {
      name,
      state: isOver(job.status) ? endState(job.status) : 'running',
      startedAt: at,
      endedAt: job.completed_at,
    }
  })
}

function startAgentStep(build: WorkspaceBuild): BuildStep {
  const [agent] = agentsOf(build)
  const { job } = build
  if (job.status !== 'succeeded' || !agent) {
    const over = isOver(job.status)
    // A template without an agent has nothing to wait for.
    const state = over ? (job.status === 'succeeded' ? 'done' : 'cancelled') : 'waiting'
    return { name: agentStepName, state, startedAt: undefined, endedAt: undefined }
  }
  const { status } = agentState(agent)
  if (isUsable(agent) && status !== 'starting') {
    return {
      name: agentStepName,
      state: 'done',
      startedAt: job.completed_at,
      endedAt: agent.ready_at ?? agent.first_connected_at,
    }
  }
  return {
    name: agentStepName,
    state: status === 'unhealthy' ? 'failed' : 'running',
    startedAt: job.completed_at,
    endedAt: undefined,
  }
}

function isOver(status: string): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled'
}

function endState(status: string): BuildStep['state'] {
  return status === 'succeeded' ? 'done' : status === 'canceled' ? 'cancelled' : 'failed'
}
