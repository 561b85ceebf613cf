import type { AgentManifest } from '../contract/agent-link.ts'

const id = '6a4a5f0e-7f1c-4f6e-9a43-1d7d8f6f1d11'

/** What a server wants of an agent: nothing but to be there, and `wanted`. */
export function agentManifest(wanted: Partial<AgentManifest> = {}): AgentManifest {
  return {
    agent_id: id,
    agent_name: 'main',
    workspace_id: id,
    workspace_name: 'ws',
    owner_name: 'ada',
    access_url: 'http://127.0.0.1:1',
    directory: '',
    environment: {},
    scripts: [],
    metadata: [],
    health_checks: [],
    build_id: id,
    ...wanted,
  }
}
