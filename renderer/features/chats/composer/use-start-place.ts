import type { Workspace } from '#bridge/contract/workspaces'
import type { ChatOrganization } from '#ipc/chats'
import type { Deployment } from '#ipc/deployments'
import { useKept } from '../../../lib/kept-state.ts'
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

/** Follows what was chosen for the draft of a new chat, and before that for the last one. */
export function useStartPlace(deployment: Deployment, place: string): StartPlace {
  const { draft } = useDraft(place)
  const last = useKept(lastChoices)[deployment.id] ?? {}
  const { workspaces } = useOwnWorkspaces(deployment)
  const { data: organizations = [] } = useChatOrganizations(deployment.id)
  // A remembered one may be deleted since, or its user not in it any more.
  const workspace = workspaces?.find(({ id }) => id === last.workspaceId)
  const chosen = [draft.organizationId, last.organizationId]
    .map((wished) => organizations.find(({ id }) => id === wished))
    .find((one) => one !== undefined)
  const usual = organizations.find(({ isDefault }) => isDefault) ?? organizations[0]

  const keepOrganization = (organizationId: string): void =>
    drafts.change(place, (before) => ({ ...before, organizationId }))
  const setWorkspace = (workspaceId: string | undefined): void => {
    const { workspaceId: _, ...others } = lastChoices.get()[deployment.id] ?? {}
    rememberChoices(deployment.id, workspaceId === undefined ? others : { ...others, workspaceId })
  }
  return {
    organizations,
    organizationId: workspace?.organization_id ?? (chosen ?? usual)?.id,
    workspace,
    chooseOrganization: (organizationId) => {
      keepOrganization(organizationId)
      if (workspace !== undefined && workspace.organization_id !== organizationId) setWorkspace(undefined)
    },
    chooseWorkspace: (workspaceId) => {
      const next = workspaces?.find(({ id }) => id === workspaceId)
      if (next !== undefined) keepOrganization(next.organization_id)
      setWorkspace(workspaceId)
    },
  }
}
