/** What a client in the workspace needs, as text to paste. */
import { addressOf } from './gateway-place.ts'
import type { OpenedGateway } from './header-gateways.ts'

/** A whole `.mcp.json` with one entry, as the gateway writes it itself. */
export function mcpJsonText({ name, transport, port, bearer }: OpenedGateway): string {
  const entry = {
    type: transport === 'sse' ? 'sse' : 'http',
    url: `http://${addressOf(port)}`,
    headers: { Authorization: `Bearer ${bearer}` },
  }
  return `${JSON.stringify({ mcpServers: { [name]: entry } }, null, 2)}\n`
}

/** Variables for a shell. Neither value has a character that a shell takes for anything else. */
export function environmentText({ name, port, bearer }: OpenedGateway): string {
  const prefix = `MCP_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`
  return `export ${prefix}_URL=http://${addressOf(port)}\nexport ${prefix}_BEARER=${bearer}\n`
}
