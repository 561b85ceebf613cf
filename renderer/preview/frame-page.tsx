import { useState } from 'react'
import { AppFrame } from '../app/frame/app-frame.tsx'
import { DeploymentSwitcher } from '../app/frame/deployment-switcher.tsx'
import { PageHeader, PageToolbar } from '../ui/page-header.tsx'
import { setPaletteOpen, useCommands } from '../lib/commands/command-store.ts'
import { TerminalDrawer } from '../app/frame/terminal-drawer.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button, SplitButton, TextButton } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import * as icons from '../ui/icons.tsx'
import { LogLines } from '../ui/log/log-lines.tsx'
import { SearchField, SearchToken } from '../ui/search-field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import type { Column, TableSort } from '../ui/table/column.ts'
import { Table } from '../ui/table/table.tsx'
import { noSelection, type Selection } from '../ui/table/table-selection.ts'
import { tableWidths } from '../ui/table/table-widths.ts'
import { Countdown, RelativeTime } from '../ui/time.tsx'
import { toast } from '../ui/toast-store.ts'
import { sampleRows, type SampleRow } from './sample-rows.ts'

const columns: readonly Column<SampleRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 160,
    grow: 1,
    compare: (a, b) => a.name.localeCompare(b.name),
    cell: (row) => (
      <span className="cut font-medium">
        {row.owner === 'owner' ? null : <span className="font-normal text-fg-3">{row.owner}/</span>}
        {row.name}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 148,
    compare: (a, b) => a.state.localeCompare(b.state),
    cell: (row) => <StatusMark status={row.status} label={row.state} />,
  },
  {
    id: 'template',
    header: 'Template',
    width: 200,
    cell: (row) => (
      <>
        <span className="cut text-fg-2">{row.template}</span>
        {row.name === 'ledger-migrations' ? (
          <Badge tone="accent">Update</Badge>
        ) : (
          <span className="num text-sm text-fg-3">{row.version}</span>
        )}
      </>
    ),
  },
  {
    id: 'stops',
    header: 'Stops in',
    width: 132,
    cell: (row) =>
      row.stops === null ? null : row.stops - Date.now() < 900_000 ? (
        <>
          <Countdown to={row.stops} className="text-warn-fg" />
          <TextButton className="text-sm">Extend</TextButton>
        </>
      ) : (
        <Countdown to={row.stops} />
      ),
  },
  {
    id: 'used',
    header: 'Used',
    width: 96,
    hideBelow: 900,
    cell: (row) => <RelativeTime value={row.usedMs} className="text-sm text-fg-3" />,
  },
]

const query = new URLSearchParams(location.search)
const rows = sampleRows(Number(query.get('rows') ?? 13))
const terminal = [
  '\u001b[32mowner@payments-api\u001b[0m \u001b[34m~/src/payments-api\u001b[0m \u001b[90m(main)\u001b[0m $ git status -sb',
  '## \u001b[32mmain\u001b[0m...\u001b[31morigin/main\u001b[0m [ahead \u001b[32m2\u001b[0m]',
  ' \u001b[31mM\u001b[0m internal/refund/retry.go',
  '\u001b[32mowner@payments-api\u001b[0m \u001b[34m~/src/payments-api\u001b[0m \u001b[90m(main)\u001b[0m $ go test ./internal/...',
  '\u001b[32mok\u001b[0m    acme.dev/payments/internal/ledger      \u001b[90m0.412s\u001b[0m',
  '\u001b[31m--- FAIL: TestRetryStopsAfterLimit (0.03s)\u001b[0m',
  '    \u001b[36mretry_test.go:48\u001b[0m: attempts = \u001b[33m6\u001b[0m, want \u001b[33m5\u001b[0m',
].map((text, id) => ({ id, text }))

/** The whole window with a workspace list. */
export function FramePage() {
  const [sort, setSort] = useState<TableSort | null>(null)
  const [selection, setSelection] = useState<Selection>(
    query.has('selected')
      ? { keys: new Set(['ledger-migrations', 'docs-site', 'infra-live']), anchor: null }
      : noSelection,
  )
  const [search, setSearch] = useState('')
  const [view, setView] = useState<'list' | 'cards'>('list')
  const [drawer, setDrawer] = useState(query.has('drawer'))
  const widths = tableWidths('preview')
  const chosenWidths = widths((state) => state.value)
  useCommands([
    ...rows.map((row) => ({
      id: `workspace.open:${row.name}`,
      title: row.name,
      group: 'Workspaces',
      detail: `${row.template}, ${row.state.toLowerCase()}`,
      icon: <StatusMark status={row.status} hideLabel className="w-4 justify-center" />,
      run: () => toast({ title: `Opened ${row.name}`, tone: 'ok' }),
    })),
    {
      id: 'workspace.new',
      title: 'New workspace',
      group: 'Actions',
      icon: <icons.PlusIcon />,
      keys: 'Mod+N',
      run: () => toast({ title: 'Nothing to create in the preview' }),
    },
    {
      id: 'terminal.toggle',
      title: 'Show or hide the terminals',
      group: 'View',
      icon: <icons.TerminalIcon />,
      keys: 'Ctrl+`',
      keysInTerminal: true,
      run: () => {
        setDrawer(!drawer)
      },
    },
  ])
  const go = () => undefined
  return (
    <AppFrame
      pageKey="workspaces"
      onReload={() => {
        location.reload()
      }}
      paletteScope="acme"
      switcher={
        <DeploymentSwitcher
          name="acme"
          status="running"
          statusLabel="Connected"
          items={[
            { kind: 'heading', label: 'Deployments' },
            { label: 'acme', checked: true, onSelect: go, detail: 'coder.acme.dev' },
            { label: 'This machine', checked: false, onSelect: go, detail: 'local' },
            { kind: 'separator' },
            { label: 'Add a deployment…', icon: <icons.PlusIcon />, onSelect: go },
          ]}
        />
      }
      titleEnd={
        <>
          <Button variant="ghost" className="num text-sm font-normal">
            Direct · 18 ms
          </Button>
          <IconButton label="Notifications, 3 new" dot icon={<icons.BellIcon />} />
          <Button variant="ghost" square aria-label="Account: owner">
            <Avatar name="owner" />
          </Button>
        </>
      }
      railItems={[
        {
          id: 'w',
          label: 'Workspaces',
          icon: <icons.BoxIcon />,
          detail: 13,
          active: true,
          href: '#/w',
          onSelect: go,
        },
        { id: 'a', label: 'Agents', icon: <icons.SparkleIcon />, attention: 2, href: '#/a', onSelect: go },
        { id: 't', label: 'Templates', icon: <icons.LayersIcon />, detail: 24, href: '#/t', onSelect: go },
      ]}
      railSections={[
        {
          title: 'Pinned',
          items: [
            {
              id: 'p1',
              label: 'payments-api',
              status: 'running',
              detail: '1 h 42 m',
              href: '#/1',
              onSelect: go,
            },
            {
              id: 'p2',
              label: 'web-storefront',
              status: 'running',
              detail: <span className="text-warn-fg">12 m</span>,
              href: '#/2',
              onSelect: go,
            },
            { id: 'p3', label: 'ml-ranking', status: 'starting', href: '#/3', onSelect: go },
          ],
        },
      ]}
      railFoot={[
        { id: 's', label: 'Settings', icon: <icons.SlidersHorizontalIcon />, href: '#/s', onSelect: go },
      ]}
      drawer={
        <TerminalDrawer
          open={drawer}
          onOpenChange={setDrawer}
          tabs={[
            { id: '1', title: 'payments-api: go test' },
            {
              id: '2',
              title: 'web-storefront: dev server',
              badge: (
                <Badge tone="busy" className="h-4">
                  new
                </Badge>
              ),
            },
          ]}
          activeId="1"
          onSelect={go}
          onClose={go}
          onNew={go}
          status="Re-joined 2 min ago, scrollback kept"
          actions={<IconButton size="sm" label="Search" icon={<icons.SearchIcon />} />}
        >
          <div className="log flex h-full flex-col">
            <LogLines
              lines={terminal}
              matches={[]}
              current={undefined}
              showTime={false}
              wrap={false}
              live={false}
            />
          </div>
        </TerminalDrawer>
      }
    >
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
      <Table
        label="Workspaces"
        rows={rows}
        rowKey={(row) => row.name}
        columns={columns}
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
      {selection.keys.size > 0 ? (
        <Button
          onClick={() => {
            setSelection(noSelection)
            setPaletteOpen(false)
          }}
        >
          {selection.keys.size} selected
        </Button>
      ) : null}
    </AppFrame>
  )
}
