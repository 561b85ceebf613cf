import type { RefObject } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import { useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { ChevronDownIcon, ListFilterIcon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { filterValue, withFilter } from './query-text.ts'

const statuses: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'running', label: 'Running' },
  { value: 'starting', label: 'Starting' },
  { value: 'stopping', label: 'Stopping' },
  { value: 'stopped', label: 'Stopped' },
  { value: 'pending', label: 'Queued' },
  { value: 'failed', label: 'Failed' },
  { value: 'deleting', label: 'Deleting' },
]

export interface WorkspaceFiltersProps {
  readonly deploymentId: string
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly shown: readonly Workspace[]
  readonly searchRef: RefObject<HTMLInputElement | null>
}

/** The search in Coder's own query syntax, and menus that write the common filters into it. */
export function WorkspaceFilters({ deploymentId, query, onQuery, shown, searchRef }: WorkspaceFiltersProps) {
  const templates = useRead('templates.list', { deploymentId })
  const known = templates.data?.map(({ name, display_name }) => ({
    value: name,
    label: display_name || name,
  }))
  const inList = [...new Set(shown.map(({ template_name }) => template_name))].map((name) => ({
    value: name,
    label: name,
  }))
  return (
    <>
      <SearchField
        ref={searchRef}
        className="max-w-[380px] min-w-40 flex-1"
        value={query}
        onChange={onQuery}
        placeholder="Search, or filter with status:running"
        aria-label="Filter workspaces"
        keys="/"
      />
      <FilterMenu
        label="Status"
        filterKey="status"
        options={statuses}
        query={query}
        onQuery={onQuery}
        withIcon
      />
      <FilterMenu
        label="Template"
        filterKey="template"
        options={known ?? inList}
        query={query}
        onQuery={onQuery}
      />
    </>
  )
}

interface FilterMenuProps {
  readonly label: string
  readonly filterKey: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly withIcon?: boolean
}

function FilterMenu({ label, filterKey, options, query, onQuery, withIcon = false }: FilterMenuProps) {
  const chosen = filterValue(query, filterKey)
  const chosenLabel = options.find(({ value }) => value === chosen)?.label ?? chosen
  const items: MenuItem[] = [
    {
      label: 'Any',
      checked: chosen === undefined,
      onSelect: () => onQuery(withFilter(query, filterKey, undefined)),
    },
    { kind: 'separator' },
    ...options.map((option) => ({
      label: option.label,
      checked: option.value === chosen,
      onSelect: () => onQuery(withFilter(query, filterKey, option.value)),
    })),
  ]
  return (
    <Menu
      items={items}
      trigger={
        <Button
          variant="ghost"
          icon={withIcon ? <ListFilterIcon /> : undefined}
          trailing={<ChevronDownIcon className="size-3" />}
        >
          {chosenLabel === undefined ? label : `${label}: ${chosenLabel}`}
        </Button>
      }
    />
  )
}
