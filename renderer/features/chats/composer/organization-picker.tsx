import type { Workspace } from '#bridge/contract/workspaces'
import type { ChatOrganization } from '#ipc/chats'
import { plainText } from '../../../lib/plain-text.ts'
import { BuildingIcon } from '../../../ui/icons.tsx'
import { PickerPopover } from './picker-popover.tsx'
import { SearchList } from './search-list.tsx'

export interface OrganizationPickerProps {
  readonly organizations: readonly ChatOrganization[]
  readonly value: string | undefined
  /** The one that the agent is to work in: it is where its workspace is. */
  readonly workspace: Workspace | undefined
  readonly onChange: (organizationId: string) => void
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The organization of a new chat; nothing where there is no choice. */
export function OrganizationPicker(props: OrganizationPickerProps) {
  const { organizations, value, workspace, onChange, open, onOpenChange } = props
  if (organizations.length < 2) return null
  const name = organizationName(
    organizations.find(({ id }) => id === value)?.name ?? workspace?.organization_name ?? '',
  )
  const workspaceName = plainText(workspace?.name ?? '', 60)
  return (
    <PickerPopover
      label={`Organization: ${name}`}
      icon={<BuildingIcon />}
      text={name}
      open={open}
      onOpenChange={onOpenChange}
    >
      <SearchList
        label="Organizations"
        value={value}
        emptyText="No organization fits."
        groups={[
          {
            label: 'Your organizations',
            options: organizations.map(({ id, name: one, isDefault }) => ({
              value: id,
              label: organizationName(one),
              detail: isDefault ? 'Default' : undefined,
              icon: <BuildingIcon />,
            })),
          },
        ]}
        onSelect={(id) => {
          if (id !== value) onChange(id)
          onOpenChange(false)
        }}
        footer={
          workspace === undefined ? undefined : (
            <p className="px-2 py-1 text-sm text-fg-3">
              {workspaceName} is in {name}, and so is an agent that works there. In another organization the
              agent begins without {workspaceName}.
            </p>
          )
        }
      />
    </PickerPopover>
  )
}

/** An organization as it is called on the page. */
export function organizationName(name: string): string {
  return plainText(name, 60)
}
