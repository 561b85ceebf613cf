import { useKept } from '../../../lib/kept-state.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { SlidersHorizontalIcon } from '../../../ui/icons.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { chatGroupings, type ChatGrouping } from './chat-lines.ts'
import { chatGrouping } from './sidebar-state.ts'

const names: Readonly<Record<ChatGrouping, string>> = {
  state: 'State',
  date: 'Date',
  unread: 'Unread and read',
}

/** How the list is grouped. */
export function GroupingMenu() {
  const grouping = useKept(chatGrouping)
  return (
    <Menu
      align="end"
      items={[
        { kind: 'heading', label: 'Group by' },
        ...chatGroupings.map((one) => ({
          label: names[one],
          checked: grouping === one,
          onSelect: () => chatGrouping.set(one),
        })),
      ]}
      trigger={
        <IconButton label={`Grouped by ${names[grouping].toLowerCase()}`} icon={<SlidersHorizontalIcon />} />
      }
    />
  )
}
