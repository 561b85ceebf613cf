import { IconButton } from '../../../ui/icon-button.tsx'
import { ListFilterIcon } from '../../../ui/icons.tsx'
import { Menu } from '../../../ui/menu.tsx'
import type { MenuAction } from '../../../ui/menu-item.ts'
import { isNarrowed, type ChatFilter } from '../chat-query.ts'
import { pullRequestStates, type PullRequestState } from '../pull-request.ts'

export interface FilterMenuProps {
  readonly filter: ChatFilter
  readonly onFilter: (filter: ChatFilter) => void
}

const names: Readonly<Record<PullRequestState, string>> = {
  draft: 'Draft',
  open: 'Open',
  merged: 'Merged',
  closed: 'Closed',
}

/** What the list is narrowed to beside words in titles. Several states of pull requests show those of any of them. */
export function FilterMenu({ filter, onFilter }: FilterMenuProps) {
  const isInUse = isNarrowed(filter)
  const toggle = (label: string, field: 'unread' | 'archived' | 'shared'): MenuAction => ({
    label,
    checked: filter[field],
    onSelect: () => onFilter({ ...filter, [field]: !filter[field] }),
  })
  return (
    <Menu
      align="end"
      items={[
        toggle('Unread', 'unread'),
        toggle('Archived', 'archived'),
        toggle('Shared with me', 'shared'),
        { kind: 'separator' },
        { kind: 'heading', label: 'Pull request' },
        ...pullRequestStates.map((state) => ({
          label: names[state],
          checked: filter.pullRequests.includes(state),
          onSelect: () => onFilter({ ...filter, pullRequests: toggled(filter.pullRequests, state) }),
        })),
      ]}
      trigger={
        <IconButton label={isInUse ? 'Filter, in use' : 'Filter'} dot={isInUse} icon={<ListFilterIcon />} />
      }
    />
  )
}

function toggled(all: readonly PullRequestState[], one: PullRequestState): readonly PullRequestState[] {
  return pullRequestStates.filter((state) => all.includes(state) !== (state === one))
}
