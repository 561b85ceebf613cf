export { runSignIn, useSignIn } from './sign-ins.ts'
export { nameOf, serverWords } from './server-words.ts'
export { useRunsUnasked } from './use-runs-unasked.ts'
export { useMcpServers, type McpServerEntry } from './use-mcp-servers.ts'
