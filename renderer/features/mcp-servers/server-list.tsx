import { useState } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { Badge } from '../../ui/badge.tsx'
import { PlugIcon } from '../../ui/icons.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { useConnectionTest } from './connection-tests.ts'
import { nameOf, serverWords } from './server-words.ts'
import { testWords } from './test-words.ts'
import type { McpServerEntry } from './use-mcp-servers.ts'

export interface ServerListProps {
  readonly deploymentId: string
  readonly servers: readonly McpServerEntry[]
  readonly selectedId: string
  readonly onSelect: (serverId: string) => void
}

/** The servers by name, what waits for the user first. */
export function ServerList({ deploymentId, servers, selectedId, onSelect }: ServerListProps) {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const shown = servers.filter((entry) => nameOf(entry.config).toLowerCase().includes(wanted))
  return (
    <aside className="flex min-h-0 w-[248px] flex-none flex-col gap-2 border-r border-line bg-sunken p-2 wide:w-[276px]">
      {servers.length < 6 ? null : (
        <SearchField value={search} onChange={setSearch} placeholder="Search servers" />
      )}
      <ul aria-label="MCP servers" className="flex min-h-0 flex-1 flex-col gap-0.5 overflow-y-auto">
        {shown.map((entry) => (
          <li key={entry.config.id}>
            <ServerRow
              deploymentId={deploymentId}
              entry={entry}
              selected={entry.config.id === selectedId}
              onSelect={() => onSelect(entry.config.id)}
            />
          </li>
        ))}
        {shown.length === 0 ? <li className="p-2 text-sm text-fg-3">No server is called so.</li> : null}
      </ul>
      <p className="p-2 text-sm text-fg-3">
        An administrator names the headers. You own the values: nobody else can read them, and no workspace
        holds them.
      </p>
    </aside>
  )
}

interface ServerRowProps {
  readonly deploymentId: string
  readonly entry: McpServerEntry
  readonly selected: boolean
  readonly onSelect: () => void
}

function ServerRow({ deploymentId, entry, selected, onSelect }: ServerRowProps) {
  const words = serverWords(entry)
  const tested = testWords(useConnectionTest(deploymentId, entry.config.id))
  // What waits for the user is said before what once was found out.
  const shown = tested === undefined || words.needsYou ? words : tested
  return (
    <button
      type="button"
      aria-current={selected ? 'true' : undefined}
      className={classNames(
        'flex w-full min-w-0 items-center gap-2.5 rounded-md p-2 text-left',
        selected ? 'bg-selected' : 'hover:bg-hover',
      )}
      onClick={onSelect}
    >
      <span className="grid size-7 flex-none place-items-center rounded-md bg-idle-bg text-fg-2">
        <PlugIcon />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block cut font-medium">{nameOf(entry.config)}</span>
        <StatusMark status={shown.status} label={shown.label} className="max-w-full text-sm text-fg-3" />
      </span>
      {words.needsYou ? <Badge tone="warn">Act</Badge> : null}
      {!words.needsYou && tested?.code !== undefined ? <Badge tone="bad">{tested.code}</Badge> : null}
    </button>
  )
}
