import { useState, type ReactNode } from 'react'
import { useApi } from '../../api/api-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { LockIcon, RotateCwIcon, XIcon } from '../../ui/icons.tsx'
import { PageToolbar } from '../../ui/page-header.tsx'
import { runTests } from './connection-tests.ts'
import { canBeTested, inWords, lostOnServer, nameOf } from './server-words.ts'
import { useHeaderChanges, type McpServerEntry, type McpServersAnswer } from './use-mcp-servers.ts'

export interface ServersToolbarProps {
  readonly deploymentId: string
  readonly deploymentName: string
  readonly deploymentUrl: string
  readonly servers: readonly McpServerEntry[]
  readonly vault: McpServersAnswer['vault']
  /** What administrators may do with all of them. */
  readonly action: ReactNode
}

/** How many servers there are, where values lie, and what concerns all of them. */
export function ServersToolbar(props: ServersToolbarProps) {
  const { deploymentId, servers, vault, action } = props
  return (
    <PageToolbar
      end={
        <>
          <SendAll {...props} />
          <TestAll deploymentId={deploymentId} servers={servers} />
          {action}
        </>
      }
    >
      <span className="num text-fg-3">
        {servers.length} {servers.length === 1 ? 'server' : 'servers'}
      </span>
      {vault === 'ready' ? (
        <Badge icon={<LockIcon />} className="max-mid:hidden">
          Values kept in the system keychain
        </Badge>
      ) : null}
    </PageToolbar>
  )
}

function TestAll({ deploymentId, servers }: Pick<ServersToolbarProps, 'deploymentId' | 'servers'>) {
  const { client } = useApi()
  const [running, setRunning] = useState<AbortController>()
  const testable = servers.filter(canBeTested)
  if (testable.length < 2) return null
  if (running !== undefined)
    return (
      <Button variant="ghost" icon={<XIcon />} onClick={() => running.abort()}>
        Stop testing
      </Button>
    )
  const start = async () => {
    const controller = new AbortController()
    setRunning(controller)
    await runTests(
      client,
      deploymentId,
      testable.map(({ config }) => config.id),
      controller.signal,
    )
    setRunning(undefined)
  }
  return (
    <Button variant="ghost" icon={<RotateCwIcon />} onClick={() => void start()}>
      Test all
    </Button>
  )
}

/** Several servers lost values: one action for all of them, which says first what goes where. */
function SendAll({
  deploymentId,
  deploymentName,
  deploymentUrl,
  servers,
}: Omit<ServersToolbarProps, 'action' | 'vault'>) {
  const { push } = useHeaderChanges(deploymentId)
  const [asking, setAsking] = useState(false)
  const lost = servers
    .filter(({ config }) => config.enabled)
    .map((entry) => ({ entry, names: lostOnServer(entry) }))
    .filter(({ names }) => names.length > 0)
  if (lost.length < 2) return null
  return (
    <>
      <Button onClick={() => setAsking(true)}>Send all lost values again</Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Send values to ${deploymentName}?`}
        description={
          <>
            They go from your vault to {new URL(deploymentUrl).host}:
            {/* Spans, since a description is one paragraph to the kit. */}
            <span className="mt-2 block max-h-48 overflow-y-auto">
              {lost.map(({ entry: { config }, names }) => (
                <span key={config.id} className="block wrap-anywhere">
                  {nameOf(config)}: <span className="font-mono">{inWords(names, 1000)}</span>
                </span>
              ))}
            </span>
          </>
        }
        confirmLabel="Send"
        onConfirm={async () => {
          await push.mutateAsync({ deploymentId, serverId: null })
        }}
      />
    </>
  )
}
