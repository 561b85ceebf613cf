import type { AgentInit } from '../../contract/agent-link.ts'
import { agentGitSshKeySchema, agentSideRoutes, type AgentGitSSHKey } from '../../contract/agent-runtime.ts'

const timeoutMs = 10_000

/** The key pair of the workspace's owner, as the server has it now. @throws when it cannot be had. */
export async function fetchGitKey({
  serverUrl,
  agentToken,
}: Pick<AgentInit, 'serverUrl' | 'agentToken'>): Promise<AgentGitSSHKey> {
  const response = await fetch(new URL(agentSideRoutes.gitSshKey.path, serverUrl), {
    headers: { 'Coder-Session-Token': agentToken },
    // The token is for this server and nobody it points to.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw new Error(`The server answered with status ${response.status}.`)
  return agentGitSshKeySchema.parse(await response.json())
}
