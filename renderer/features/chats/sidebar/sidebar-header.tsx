import { useRef, useState } from 'react'
import { useKeys } from '../../../lib/keyboard/key-map.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { PlusIcon, SearchIcon } from '../../../ui/icons.tsx'
import { SearchField } from '../../../ui/search-field.tsx'
import { isFiltered, noFilter, type ChatFilter } from '../chat-query.ts'
import { FilterMenu } from './filter-menu.tsx'
import { GroupingMenu } from './grouping-menu.tsx'

export interface SidebarHeaderProps {
  readonly filter: ChatFilter
  readonly onFilter: (filter: ChatFilter) => void
  readonly onNew: () => void
}

/** On top of the list: search on demand, how it is grouped, and a new chat. */
export function SidebarHeader({ filter, onFilter, onNew }: SidebarHeaderProps) {
  const [isOpen, setOpen] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const isSearching = isOpen || isFiltered(filter)
  useKeys([
    {
      keys: '/',
      run: () => {
        setOpen(true)
        field.current?.focus()
      },
    },
  ])
  return (
    <>
      <header className="flex h-(--h-pagehead) flex-none items-center gap-1 pr-2 pl-4">
        <h1 className="cut flex-1 text-lg font-semibold">Agents</h1>
        <IconButton
          label={isSearching ? 'Close the search' : 'Search chats'}
          keys={isSearching ? undefined : '/'}
          icon={<SearchIcon />}
          pressed={isSearching}
          onClick={() => {
            setOpen(!isSearching)
            onFilter(noFilter)
          }}
        />
        <GroupingMenu />
        <IconButton label="New agent" keys="Mod+N" variant="secondary" icon={<PlusIcon />} onClick={onNew} />
      </header>
      {isSearching ? (
        <div className="flex flex-none gap-1 px-2 pb-1">
          <SearchField
            ref={field}
            className="flex-1"
            autoFocus={isOpen}
            placeholder="Search chats"
            value={filter.text}
            onChange={(text) => onFilter({ ...filter, text })}
          />
          <FilterMenu filter={filter} onFilter={onFilter} />
        </div>
      ) : null}
    </>
  )
}
