import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { HeaderField } from './header-field.tsx'
import type { McpServerEntry } from './use-mcp-servers.ts'

export interface HeaderFieldsProps {
  readonly deploymentId: string
  readonly entry: McpServerEntry
  readonly disabled: boolean
  readonly onClear: (name: string) => void
}

/** With more than this, a search; and never more fields at once than a page can take. */
const SEARCH_FROM = 12
const PAGE = 50

/** The fields of a server's headers, also when an administrator names a thousand. */
export function HeaderFields({
  deploymentId,
  entry: { config, headers },
  disabled,
  onClear,
}: HeaderFieldsProps) {
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState(PAGE)
  const wanted = search.trim().toLowerCase()
  const found = headers.filter(({ name, description }) =>
    `${name}\n${description}`.toLowerCase().includes(wanted),
  )
  return (
    <>
      {headers.length <= SEARCH_FROM ? null : (
        <div className="border-b border-line px-3.5 py-2">
          <SearchField value={search} onChange={setSearch} placeholder={`Search ${headers.length} headers`} />
        </div>
      )}
      {found.slice(0, shown).map((header) => (
        <HeaderField
          key={`${config.id} ${header.name}`}
          deploymentId={deploymentId}
          serverId={config.id}
          header={header}
          disabled={disabled}
          onClear={() => onClear(header.name)}
        />
      ))}
      {found.length === 0 ? <p className="p-3.5 text-fg-3">No header is called so.</p> : null}
      {found.length <= shown ? null : (
        <div className="px-2 py-1">
          <Button variant="ghost" size="sm" onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, found.length - shown)} more of {(found.length - shown).toLocaleString('en')}{' '}
            headers
          </Button>
        </div>
      )}
    </>
  )
}
