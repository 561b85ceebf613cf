import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { GatewayRow } from './gateway-row.tsx'
import { unusableWords } from './gateway-words.ts'
import { useHeaderGateways } from './use-header-gateways.ts'

export interface GatewayCardProps {
  readonly deploymentId: string
  readonly config: MCPServerConfig
}

/** Offers an MCP server to the user's workspaces: this computer adds the headers. */
export function GatewayCard({ deploymentId, config }: GatewayCardProps) {
  const unusable = unusableWords(config.auth_type)
  return (
    <Card
      title="Header gateway"
      meta="This computer adds the headers; the workspace sees only a local address."
      flush
    >
      {unusable === undefined ? (
        <Rows deploymentId={deploymentId} serverId={config.id} />
      ) : (
        <p className="px-3.5 py-3 text-fg-2">{unusable}</p>
      )}
      {unusable === undefined && config.has_custom_headers ? (
        <p className="border-t border-line px-3.5 py-2 text-sm text-fg-3">
          The administrator has set headers of its own on the deployment, which gives them to nobody. Where
          the server insists on them, it refuses what comes from here.
        </p>
      ) : null}
    </Card>
  )
}

function Rows({ deploymentId, serverId }: { readonly deploymentId: string; readonly serverId: string }) {
  const { rows, error, retry } = useHeaderGateways(deploymentId, serverId)
  if (error !== undefined) {
    return (
      <div className="flex items-center gap-3 px-3.5 py-3">
        <p role="alert" className="min-w-0 flex-1 text-fg-2">
          {errorWords(error).message}
        </p>
        <Button onClick={retry}>Try again</Button>
      </div>
    )
  }
  if (rows === undefined) return <SkeletonRows label="Loading the workspaces" />
  if (rows.length === 0) {
    return (
      <p className="px-3.5 py-3 text-fg-2">
        None of your workspaces is running. Start one, and you can offer this server to it here.
      </p>
    )
  }
  return rows.map((row) => (
    <GatewayRow key={row.workspaceId} deploymentId={deploymentId} serverId={serverId} {...row} />
  ))
}
