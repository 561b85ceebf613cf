import type { Workspace } from '#bridge/contract/workspaces'
import type { ChatOrganization } from '#ipc/chats'
import type { Deployment } from '#ipc/deployments'
import { useSubscription } from '../../../api/use-subscription.ts'
import { plainText } from '../../../lib/plain-text.ts'
import { Button } from '../../../ui/button.tsx'
import { BoxIcon } from '../../../ui/icons.tsx'
import type { Option } from '../../../ui/option.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { useWindowActions } from '../../window/index.ts'
import { workspaceState } from '../../workspaces/index.ts'
import { organizationName } from './organization-picker.tsx'
import { PickerPopover } from './picker-popover.tsx'
import { SearchList, type OptionGroup } from './search-list.tsx'

const none = ''

export interface WorkspacePickerProps {
  readonly deployment: Deployment
  readonly value: string | undefined
  /** Where its user is in more than one, and can choose from all: each with its own workspaces, the chosen one first. */
  readonly organizations?: readonly ChatOrganization[]
  readonly organizationId?: string | undefined
  /** Of a chat that is there already: it can have a workspace of its own organization only. */
  readonly within?: string
  readonly onChange: (workspaceId: string | undefined) => void
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The workspace an agent works in, or none: it may choose one itself. */
export function WorkspacePicker(props: WorkspacePickerProps) {
  const { deployment, value, onChange, open, onOpenChange } = props
  const actions = useWindowActions()
  const { workspaces: own } = useOwnWorkspaces(deployment)
  const workspaces = own?.filter((one) => props.within === undefined || one.organization_id === props.within)
  const current = workspaces?.find(({ id }) => id === value)
  const name = current?.name ?? 'No workspace'
  return (
    <PickerPopover
      label={`Workspace: ${name}`}
      icon={<BoxIcon />}
      text={name}
      open={open}
      onOpenChange={onOpenChange}
    >
      <SearchList
        label="Workspaces"
        value={current?.id ?? none}
        emptyText={workspaces === undefined ? 'Reading the workspaces' : 'No workspace fits.'}
        groups={[
          { label: '', options: [{ value: none, label: 'No workspace', icon: <BoxIcon /> }] },
          ...groupsOf(workspaces ?? [], props),
        ]}
        onSelect={(id) => {
          onChange(id === none ? undefined : id)
          onOpenChange(false)
        }}
        footer={
          <Button size="sm" variant="ghost" className="w-full justify-start" onClick={actions.goToTemplates}>
            New workspace…
          </Button>
        }
      />
    </PickerPopover>
  )
}

function groupsOf(
  workspaces: readonly Workspace[],
  { organizations = [], organizationId }: Pick<WorkspacePickerProps, 'organizations' | 'organizationId'>,
): readonly OptionGroup[] {
  const group = (label: string, own: readonly Workspace[]): OptionGroup => ({
    label,
    options: own.map(optionOf),
  })
  if (organizations.length < 2) return [group('Your workspaces', workspaces)]
  const ids = new Set(workspaces.map(({ organization_id: id }) => id))
  return [...ids]
    .toSorted((a, b) => Number(b === organizationId) - Number(a === organizationId))
    .map((id) => {
      const own = workspaces.filter(({ organization_id: one }) => one === id)
      const name = organizations.find((one) => one.id === id)?.name ?? own[0]?.organization_name ?? ''
      return group(organizationName(name), own)
    })
}

function optionOf(workspace: Workspace): Option {
  return {
    value: workspace.id,
    label: workspace.name,
    detail: plainText(workspace.template_display_name || workspace.template_name, 40),
    icon: (
      <span className="grid size-4 flex-none place-items-center">
        <StatusMark {...workspaceState(workspace)} hideLabel />
      </span>
    ),
  }
}

/** The user's own workspaces, live: an agent works in no others. */
export function useOwnWorkspaces(deployment: Deployment) {
  const { data } = useSubscription('workspaces.watchList', { deploymentId: deployment.id, q: '' })
  const own = data?.workspaces.filter(({ owner_id: owner }) => owner === deployment.user?.id)
  return { workspaces: own }
}
