import type { Workspace } from '#bridge/contract/workspaces'
import type { ChatOrganization } from '#ipc/chats'
import type { Deployment } from '#ipc/deployments'
import { useKept } from '../../../lib/kept-state.ts'
import { useMcpServers } from '../../mcp-servers/index.ts'
import { useChatOrganizations } from '../use-chats.ts'
import { lastChoices, rememberChoices } from './chat-model.ts'
import { drafts, useDraft } from './draft-store.ts'
import { useOwnWorkspaces } from './workspace-picker.tsx'

/** Where a new chat is made: its workspace and its organization. */
export interface StartPlace {
  readonly organizations: readonly ChatOrganization[]
  /** The workspace's, else the chosen one. Undefined where it is not known: main finds it. */
  readonly organizationId: string | undefined
  readonly workspace: Workspace | undefined
  /** Of another organization: it leaves the workspace. */
  readonly chooseOrganization: (organizationId: string) => void
  /** Its organization stays chosen when it is left again. */
  readonly chooseWorkspace: (workspaceId: string | undefined) => void
}

const none: readonly ChatOrganization[] = []

/** Follows what was chosen for the draft of a new chat, and before that for the last one. */
export function useStartPlace(deployment: Deployment, place: string): StartPlace {
  const { draft } = useDraft(place)
  const last = useKept(lastChoices)[deployment.id] ?? {}
  const { workspaces } = useOwnWorkspaces(deployment)
  const hasServersEach = useMcpServers(deployment.id).data?.capability === 'organization'
  const { data: known } = useChatOrganizations(deployment.id)
  const organizations = known ?? none
  // A remembered one may be deleted since, or its user not in it any more.
  const workspace = workspaces?.find(({ id }) => id === last.workspaceId)
  const wished = [draft.organizationId, last.organizationId].filter((id) => id !== undefined)
  const chosen = wished.find((wish) => organizations.some(({ id }) => id === wish))
  const usual = organizations.find(({ isDefault }) => isDefault) ?? organizations[0]
  // What was chosen holds also while nobody knows whether it is there: the deployment looks, and another one is no choice.
  const organizationId = known === undefined ? wished[0] : (chosen ?? usual?.id)

  const current = workspace?.organization_id ?? organizationId

  const keepOrganization = (next: string): void =>
    drafts.change(place, ({ mcpServerIds, ...before }) => ({
      ...before,
      organizationId: next,
      // Servers of one organization are no choice of those of another.
      ...(mcpServerIds === undefined || (hasServersEach && next !== current) ? {} : { mcpServerIds }),
    }))
  const setWorkspace = (workspaceId: string | undefined): void => {
    const { workspaceId: before, ...others } = lastChoices.get()[deployment.id] ?? {}
    if (before === workspaceId) return
    rememberChoices(deployment.id, workspaceId === undefined ? others : { ...others, workspaceId })
  }
  return {
    organizations,
    organizationId: current,
    workspace,
    chooseOrganization: (next) => {
      keepOrganization(next)
      // One that is not told yet could be of another organization, and would take it back.
      if (workspaces === undefined || workspace?.organization_id !== next) setWorkspace(undefined)
    },
    chooseWorkspace: (workspaceId) => {
      const next = workspaces?.find(({ id }) => id === workspaceId)
      if (next !== undefined) keepOrganization(next.organization_id)
      setWorkspace(workspaceId)
    },
  }
}
