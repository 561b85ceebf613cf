import { useState } from 'react'
import { displayName, joinRemote } from '#bridge/contract/remote-names'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { XIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import type { Workbench } from './files-services.ts'
import { SearchResults } from './search-results.tsx'
import { searchLines, useSearch, type SearchState } from './use-search.ts'

export interface SearchPanelProps {
  readonly workbench: Workbench
  readonly folder: string
  readonly onClose: () => void
}

/** Searches the contents of files below a folder. */
export function SearchPanel({ workbench, folder, onClose }: SearchPanelProps) {
  const [query, setQuery] = useState('')
  const [isRegex, setRegex] = useState(false)
  const [isCaseSensitive, setCaseSensitive] = useState(false)
  const [isWholeWord, setWholeWord] = useState(false)
  const { state, start, stop } = useSearch(workbench, folder)
  const run = (): void => start({ query, isRegex, isCaseSensitive, isWholeWord })
  const lines = searchLines(state.matches)
  return (
    <section aria-label="Search in files" className="flex h-full min-h-0 flex-col">
      <div className="flex flex-none flex-col gap-1.5 border-b border-line p-2">
        <div className="flex items-center gap-1">
          <SearchField
            autoFocus
            className="min-w-0 flex-1"
            placeholder="Text in files"
            value={query}
            onChange={setQuery}
            onSubmit={run}
          />
          <IconButton size="sm" label="Close the search" icon={<XIcon />} onClick={onClose} />
        </div>
        <div className="flex items-center gap-1">
          <Toggle label="Match case" text="Aa" isOn={isCaseSensitive} onChange={setCaseSensitive} />
          <Toggle label="Whole words" text="W" isOn={isWholeWord} onChange={setWholeWord} />
          <Toggle label="Regular expression" text=".*" isOn={isRegex} onChange={setRegex} />
          <span className="ml-1 cut flex-1 text-sm text-fg-3" title={displayName(folder)}>
            in {displayName(folder)}
          </span>
          {state.status === 'running' ? (
            <Button size="sm" onClick={stop}>
              Stop
            </Button>
          ) : (
            <Button size="sm" disabled={query === ''} onClick={run}>
              Search
            </Button>
          )}
        </div>
      </div>
      {state.problem === undefined ? null : (
        <Notice tone="bad" className="m-2">
          {state.problem}
        </Notice>
      )}
      <p role="status" className="num flex h-7 flex-none items-center gap-2 px-3 text-sm text-fg-3">
        {state.status === 'running' ? <Spinner className="size-3.5" /> : null}
        {words(state, lines.filter(({ kind }) => kind === 'file').length)}
      </p>
      <SearchResults
        lines={lines}
        onOpen={({ path, line, column }) =>
          workbench.documents.open(joinRemote(folder, path), { line, column: (column ?? 0) + 1 })
        }
      />
    </section>
  )
}

function words({ status, matches, isTruncated, problem }: SearchState, files: number): string {
  const found = `${matches.length} in ${files} ${files === 1 ? 'file' : 'files'}`
  switch (status) {
    case 'none':
      return 'Enter searches.'
    case 'running':
      return matches.length === 0 ? 'Searching' : `${found} so far`
    case 'stopped':
      return `Stopped: ${found}`
    case 'complete':
      if (problem !== undefined) return ''
      if (matches.length === 0) return 'Nothing found.'
      return isTruncated ? `The first ${found}; there are more` : found
  }
}

interface ToggleProps {
  readonly label: string
  readonly text: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

function Toggle({ label, text, isOn, onChange }: ToggleProps) {
  return (
    <IconButton
      size="sm"
      label={label}
      pressed={isOn}
      icon={
        <span aria-hidden="true" className="code-text">
          {text}
        </span>
      }
      onClick={() => onChange(!isOn)}
    />
  )
}
