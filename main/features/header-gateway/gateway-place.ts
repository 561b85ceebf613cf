/** Which MCP server is offered to which workspace. */
export interface GatewayPlace {
  readonly deploymentId: string
  readonly serverId: string
  readonly workspaceId: string
}

/** Where clients in the workspace find a gateway. */
export const addressOf = (port: number): string => `127.0.0.1:${String(port)}/mcp`
