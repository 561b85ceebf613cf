import { useState } from 'react'
import { useStore } from 'zustand'
import type { Deployment } from '#ipc/deployments'
import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { Workspace } from '#bridge/contract/workspaces'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Button } from '../../ui/button.tsx'
import { FolderIcon, PlayIcon } from '../../ui/icons.tsx'
import { Select } from '../../ui/select.tsx'
import {
  agentsOf,
  defaultAgent,
  isUsable,
  useWorkspaceCommands,
  workspaceActions,
  workspaceState,
} from '../workspaces/index.ts'
import { useFilesHost } from './files-host.tsx'
import { useFiles } from './files-services.ts'
import { WorkbenchView } from './workbench-view.tsx'

export interface FilesPageProps {
  readonly deployment: Deployment
  readonly workspace: Workspace
}

/** The files of one workspace: its folders, and an editor. */
export function FilesPage({ deployment, workspace }: FilesPageProps) {
  const files = useFiles()
  const host = useFilesHost()
  const [chosen, setChosen] = useState<string>()
  const wanted = useStore(host.wanted, ({ file }) =>
    file?.deploymentId === deployment.id && file.workspaceId === workspace.id ? file : undefined,
  )
  const agents = agentsOf(workspace.latest_build)
  const agent = agents.find(({ name }) => name === (wanted?.agentName ?? chosen)) ?? defaultAgent(workspace)
  // Who works here keeps the page while the agent is away for a moment: the way back is sought by itself.
  const [seen, setSeen] = useState<string>()
  if (agent && isUsable(agent) && seen !== agent.name) setSeen(agent.name)
  if (!agent || (!isUsable(agent) && seen !== agent.name)) {
    return <NoFiles deploymentId={deployment.id} workspace={workspace} />
  }
  if (wanted?.agentName !== undefined && wanted.agentName !== chosen) setChosen(wanted.agentName)
  const place = { deploymentId: deployment.id, workspaceId: workspace.id, agentName: agent.name }
  return (
    <WorkbenchView
      key={agent.name}
      workbench={files.workbench(place)}
      workspace={workspace}
      agentName={agent.name}
      startFolder={startFolder(agent)}
      wanted={wanted}
      onShown={() => host.wanted.setState({ file: undefined })}
      agentChoice={
        agents.length > 1 ? (
          <Select
            size="md"
            quiet
            aria-label="Agent"
            value={agent.name}
            onChange={setChosen}
            options={agents.map(({ name }) => ({ value: name, label: name }))}
          />
        ) : null
      }
    />
  )
}

function startFolder({ expanded_directory: folder }: WorkspaceAgent): string | undefined {
  return folder?.startsWith('/') ? folder : undefined
}

interface NoFilesProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

function NoFiles({ deploymentId, workspace }: NoFilesProps) {
  const commands = useWorkspaceCommands(deploymentId)
  return (
    <EmptyState
      icon={<FolderIcon />}
      title={`${workspace.name}: ${workspaceState(workspace).label.toLowerCase()}`}
      actions={
        workspaceActions(workspace).canStart ? (
          <Button variant="primary" icon={<PlayIcon />} onClick={() => void commands.start(workspace)}>
            Start workspace
          </Button>
        ) : null
      }
    >
      Its files show once the agent is connected.
    </EmptyState>
  )
}
