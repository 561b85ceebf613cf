export { runSignIn, useSignIn } from './sign-ins.ts'
export { nameOf, serverWords } from './server-words.ts'
export { useMcpServers, type McpServerEntry } from './use-mcp-servers.ts'
