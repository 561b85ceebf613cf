import { useEffect, useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { PlugIcon } from '../../ui/icons.tsx'
import { Banner } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { DeploymentAway, isAway, useDeployments } from '../deployments/index.ts'
import { useKeychain } from '../keychain/index.ts'
import { AddServerButton, ServerEditor, useEditors, useServerAccess } from '../mcp-server-admin/index.ts'
import { ServerDetail } from './server-detail.tsx'
import { ServerList } from './server-list.tsx'
import { ServersToolbar } from './servers-toolbar.tsx'
import { capabilityWords, nameOf } from './server-words.ts'
import { useRunsUnasked } from './use-runs-unasked.ts'
import { useMcpServers, type McpServersAnswer } from './use-mcp-servers.ts'

/** Settings, MCP servers: the servers of the active deployment and the user's own header values. */
export function McpServersSettings() {
  const { active } = useDeployments()
  if (active === undefined) return <SkeletonRows label="Loading the deployments" />
  if (isAway(active)) return <DeploymentAway deployment={active} />
  return <OfDeployment key={active.id} deployment={active} />
}

function OfDeployment({ deployment }: { readonly deployment: Deployment }) {
  const servers = useMcpServers(deployment.id)
  const { refetch } = servers
  const { kind } = useKeychain()
  // Unlocked meanwhile: then the vault can be read.
  useEffect(() => {
    if (kind === 'works' || kind === 'memory') void refetch()
  }, [kind, refetch])
  if (servers.isPending) return <SkeletonRows label="Loading MCP servers" />
  if (servers.isError) {
    const { message, detail } = errorWords(servers.error)
    return (
      <div className="p-5">
        <ErrorState
          title="The MCP servers cannot be shown."
          details={detail}
          actions={
            <Button loading={servers.isFetching} onClick={() => void servers.refetch()}>
              Try again
            </Button>
          }
        >
          {message}
        </ErrorState>
      </div>
    )
  }
  return <Servers deployment={deployment} answer={servers.data} />
}

interface ServersProps {
  readonly deployment: Deployment
  readonly answer: McpServersAnswer
}

function Servers({ deployment, answer: { capability, servers, vault } }: ServersProps) {
  const editor = useEditors((editors) => editors[deployment.id])
  const access = useServerAccess(deployment.id)
  const runsUnasked = useRunsUnasked(deployment.id)
  const [choice, setChoice] = useState(() => servers[0] && choiceOf(servers[0]))
  const words = capabilityWords(capability, deployment.name)
  const chosen = servers.find(({ config }) => config.id === choice?.id)
  const selected = chosen ?? servers[0]
  const choose = (serverId: string) => {
    const entry = servers.find(({ config }) => config.id === serverId)
    setChoice(entry && choiceOf(entry))
  }
  // Nothing jumps away under somebody who types: the server they were at is named until they choose another.
  const gone = chosen === undefined ? choice?.name : undefined
  if (editor !== undefined && access?.mayManage === true)
    return (
      <ServerEditor
        key={editor.base?.id ?? 'new'}
        deploymentId={deployment.id}
        editor={editor}
        access={access}
        onSaved={(config) => setChoice(choiceOf({ config }))}
      />
    )
  if (selected === undefined) return <NoServers deployment={deployment} words={words} />
  return (
    <div className="flex h-full min-h-0 flex-col">
      {words === undefined ? null : <Banner title={words.title}>{words.text}</Banner>}
      {runsUnasked ? (
        <Banner>Agents on {deployment.name} run the tools of these servers without asking you.</Banner>
      ) : null}
      {gone === undefined ? null : (
        <Banner tone="warn" title={`${gone} is not there any more`}>
          An administrator deleted it or switched it off. What you typed for it is kept until you close the
          window, in case it comes back.
        </Banner>
      )}
      {capability === 'organization' ? null : (
        <ServersToolbar
          deploymentId={deployment.id}
          deploymentName={deployment.name}
          deploymentUrl={deployment.url}
          servers={servers}
          vault={vault}
          action={<AddServerButton deploymentId={deployment.id} />}
        />
      )}
      <div className="flex min-h-0 flex-1">
        <ServerList
          deploymentId={deployment.id}
          servers={servers}
          selectedId={selected.config.id}
          onSelect={choose}
        />
        <div className="min-w-0 flex-1 overflow-y-auto">
          <ServerDetail
            key={selected.config.id}
            deploymentId={deployment.id}
            deploymentName={deployment.name}
            entry={selected}
            vault={vault}
            readOnly={capability === 'organization'}
            onDeleted={() => setChoice(undefined)}
          />
        </div>
      </div>
    </div>
  )
}

const choiceOf = ({ config }: Pick<McpServersAnswer['servers'][number], 'config'>) => ({
  id: config.id,
  name: nameOf(config),
})

function NoServers({
  deployment,
  words,
}: {
  readonly deployment: Deployment
  readonly words: ReturnType<typeof capabilityWords>
}) {
  return (
    <EmptyState
      icon={<PlugIcon />}
      title={words?.title ?? 'No MCP servers yet'}
      actions={<AddServerButton deploymentId={deployment.id} />}
    >
      {words?.text ??
        `An MCP server gives agents tools. When an administrator adds one to ${deployment.name}, you set the values of its headers here.`}
    </EmptyState>
  )
}
