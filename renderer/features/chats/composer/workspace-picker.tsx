import type { Deployment } from '#ipc/deployments'
import { useSubscription } from '../../../api/use-subscription.ts'
import { plainText } from '../../../lib/plain-text.ts'
import { Button } from '../../../ui/button.tsx'
import { BoxIcon } from '../../../ui/icons.tsx'
import type { Option } from '../../../ui/option.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { useWindowActions } from '../../window/index.ts'
import { workspaceState } from '../../workspaces/index.ts'
import { PickerPopover } from './picker-popover.tsx'
import { SearchList } from './search-list.tsx'

const none = ''

export interface WorkspacePickerProps {
  readonly deployment: Deployment
  readonly value: string | undefined
  readonly onChange: (workspaceId: string | undefined) => void
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The workspace an agent works in, or none: it may choose one itself. */
export function WorkspacePicker({ deployment, value, onChange, open, onOpenChange }: WorkspacePickerProps) {
  const actions = useWindowActions()
  const { workspaces } = useOwnWorkspaces(deployment)
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
          {
            label: 'Your workspaces',
            options: (workspaces ?? []).map((workspace): Option => {
              const state = workspaceState(workspace)
              return {
                value: workspace.id,
                label: workspace.name,
                detail: plainText(workspace.template_display_name || workspace.template_name, 40),
                icon: (
                  <span className="grid size-4 flex-none place-items-center">
                    <StatusMark {...state} hideLabel />
                  </span>
                ),
              }
            }),
          },
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

/** The user's own workspaces, live: an agent works in no others. */
export function useOwnWorkspaces(deployment: Deployment) {
  const { data } = useSubscription('workspaces.watchList', { deploymentId: deployment.id, q: '' })
  const own = data?.workspaces.filter(({ owner_id: owner }) => owner === deployment.user?.id)
  return { workspaces: own }
}
