import { useState } from 'react'
import { useKept } from '../lib/kept-state.ts'
import { Button, SplitButton } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import * as icons from '../ui/icons.tsx'
import { PageHeader, PageToolbar } from '../ui/page-header.tsx'
import { SearchField, SearchToken } from '../ui/search-field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import type { TableSort } from '../ui/table/column.ts'
import { Table } from '../ui/table/table.tsx'
import { noSelection, type Selection } from '../ui/table/table-selection.ts'
import { tableWidths } from '../ui/table/table-widths.ts'
import { toast } from '../ui/toast-store.ts'
import { sampleColumns } from './sample-columns.tsx'
import { sampleRows } from './sample-rows.ts'

const go = () => undefined
const query = new URLSearchParams(location.search)
const rows = sampleRows(Number(query.get('rows') ?? 13))

/** A page with a list. */
export function WorkspaceList() {
  return (
    <>
      <ListHeader />
      <ListTable />
    </>
  )
}

function ListHeader() {
  const [search, setSearch] = useState('')
  const [view, setView] = useState<'list' | 'cards'>('list')
  return (
    <>
      <PageHeader
        title="Workspaces"
        count={rows.length}
        meta={
          <span className="flex gap-3 text-sm text-fg-2">
            <StatusMark status="running" label="5 running" />
            <StatusMark status="failed" label="1 failed" />
            <span className="flex items-center gap-1 text-warn-fg">
              <icons.ClockIcon className="size-3.5" /> 1 stops soon
            </span>
          </span>
        }
        actions={
          <>
            <IconButton label="Columns" icon={<icons.Columns3Icon />} />
            <SplitButton>
              <Button variant="primary" icon={<icons.PlusIcon />}>
                New workspace
              </Button>
              <Button variant="primary" aria-label="More ways to create" icon={<icons.ChevronDownIcon />} />
            </SplitButton>
          </>
        }
      />
      <PageToolbar
        end={
          <Segmented
            aria-label="View"
            iconsOnly
            value={view}
            onChange={setView}
            options={[
              { value: 'list', label: 'List', icon: <icons.ListIcon /> },
              { value: 'cards', label: 'Cards', icon: <icons.LayoutGridIcon /> },
            ]}
          />
        }
      >
        <SearchField
          className="max-w-[380px]"
          value={search}
          onChange={setSearch}
          placeholder="Add a filter, or type a name"
          keys="/"
          tokens={<SearchToken name="owner" value="me" />}
        />
        <Button
          variant="ghost"
          icon={<icons.ListFilterIcon />}
          trailing={<icons.ChevronDownIcon className="size-3" />}
        >
          Status
        </Button>
      </PageToolbar>
    </>
  )
}

function ListTable() {
  const [sort, setSort] = useState<TableSort | null>(null)
  const [selection, setSelection] = useState<Selection>(
    query.has('selected')
      ? { keys: new Set(['ledger-migrations', 'docs-site', 'infra-live']), anchor: null }
      : noSelection,
  )
  const widths = tableWidths('preview')
  const chosenWidths = useKept(widths)
  return (
    <Table
      label="Workspaces"
      rows={rows}
      rowKey={(row) => row.name}
      columns={sampleColumns}
      sort={sort}
      onSortChange={setSort}
      selection={selection}
      onSelectionChange={setSelection}
      widths={chosenWidths}
      onWidthsChange={widths.set}
      groupOf={rows.length > 20 ? undefined : (row) => row.group}
      footerSpace={64}
      onOpen={(row) => {
        toast({ title: `${row.name} stopped`, tone: 'ok', action: { label: 'Start again', onSelect: go } })
      }}
      actions={(targets) => [
        {
          label: 'Open terminal',
          icon: <icons.TerminalIcon />,
          inline: targets.length === 1,
          onSelect: go,
        },
        {
          label: 'Open in editor',
          icon: <icons.CodeXmlIcon />,
          inline: targets.length === 1,
          onSelect: go,
        },
        {
          label: targets.length === 1 ? 'Stop' : `Stop ${targets.length}`,
          icon: <icons.SquareIcon />,
          inline: true,
          onSelect: go,
        },
        { kind: 'separator' },
        { label: 'Delete…', icon: <icons.Trash2Icon />, danger: true, onSelect: go },
      ]}
    />
  )
}
