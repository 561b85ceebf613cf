/** A real MCP server in a process of its own: prints its address once it listens, ends with SIGTERM. */
import { startGatedMcpServer } from '../server-bridge/testing/gated-mcp-server.ts'

const server = await startGatedMcpServer({ 'X-Bench-Token': 'tok_3f9ac27d51e8b6' })
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
console.log(server.url)
