/** Answers of a Coder server, as the wire schemas give them, with what a test wants to be different. */
import { workspaceSchema, type Workspace } from '#bridge/contract/workspaces'
import { deploymentSchema, type Deployment } from '#ipc/deployments'

const TIME = '2026-11-22T12:00:00Z'

/** A uuid that ends in this number. */
export function testUuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export interface WorkspaceOptions {
  readonly id?: number
  readonly name?: string
  readonly status?: string
  readonly transition?: 'start' | 'stop' | 'delete'
  readonly jobStatus?: string
  readonly completedAt?: string
  readonly agent?: { readonly status: string; readonly lifecycle?: string; readonly lastConnectedAt?: string }
}

/** A workspace, running and without an agent unless said otherwise. */
export function buildWorkspace(options: WorkspaceOptions = {}): Workspace {
  const {
    id = 1,
    name = 'dev',
    status = 'running',
    transition = 'start',
    jobStatus = 'succeeded',
    agent,
  } = options
  return workspaceSchema.parse({
    id: testUuid(id),
    created_at: TIME,
    updated_at: TIME,
    owner_id: testUuid(900),
    owner_name: 'tester',
    organization_id: testUuid(901),
    template_id: testUuid(902),
    name,
    latest_build: {
      id: testUuid(id + 100),
      created_at: TIME,
      workspace_id: testUuid(id),
      template_version_id: testUuid(903),
      build_number: 1,
      transition,
      status,
      job: {
        id: testUuid(id + 200),
        created_at: TIME,
        status: jobStatus,
        ...(options.completedAt === undefined ? {} : { completed_at: options.completedAt }),
      },
      resources: agent === undefined ? [] : [buildResource(id, agent)],
    },
  })
}

function buildResource(id: number, agent: NonNullable<WorkspaceOptions['agent']>): unknown {
  return {
    id: testUuid(id + 300),
    created_at: TIME,
    job_id: testUuid(id + 200),
    workspace_transition: 'start',
    type: 'coder_agent',
    name: 'main',
    agents: [
      {
        id: testUuid(id + 400),
        created_at: TIME,
        updated_at: TIME,
        resource_id: testUuid(id + 300),
        name: 'main',
        architecture: 'amd64',
        operating_system: 'linux',
        status: agent.status,
        lifecycle_state: agent.lifecycle ?? 'ready',
        ...(agent.lastConnectedAt === undefined ? {} : { last_connected_at: agent.lastConnectedAt }),
      },
    ],
  }
}

/** A deployment, connected unless said otherwise. */
export function buildDeployment(options: Partial<Deployment> = {}): Deployment {
  return deploymentSchema.parse({
    id: 'local',
    kind: 'local',
    name: 'This computer',
    url: 'http://127.0.0.1:4000',
    state: { kind: 'connected', latencyMs: 2 },
    version: 'v2.31.0',
    user: null,
    insecure: false,
    tooOld: null,
    ...options,
  })
}
