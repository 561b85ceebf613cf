/**
 * `node --import tsx bench/agentless-server.ts DATA_DIR`: the server with agents that are somebody else's processes. Its first
 * line holds its address and what each agent of a running workspace was to be started with.
 */
import process from 'node:process'
import { agentInitSchema, type AgentInit } from '#bridge/contract/agent-link'
import { createLocalProvisioner } from '#bridge/provisioner/local-provisioner'
import { startLocalDeployment } from '#bridge/server/local-deployment'

const agents: AgentInit[] = []
const deployment = await startLocalDeployment({
  dataDir: process.argv[2] ?? '',
  port: 0,
  provisioner: createLocalProvisioner(),
  processHost: {
    spawn: () => ({
      pid: undefined,
      post: (message) => agents.push(agentInitSchema.parse(message)),
      kill: () => undefined,
      onMessage: () => () => undefined,
      onExit: () => () => undefined,
    }),
  },
  disableRateLimits: true,
})
process.on('SIGTERM', () => process.exit(0))
console.log(JSON.stringify({ url: deployment.url, agents }))
