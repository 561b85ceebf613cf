import { useRef, useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { Workspace } from '#bridge/contract/workspaces'
import { fieldRefusals } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { createKept } from '../../lib/kept-state.ts'
import { useKeys } from '../../lib/keyboard/key-map.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { PlusIcon, SearchIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, PageToolbar } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { DeploymentAway, isAway } from '../deployments/index.ts'
import { useWindowActions } from '../window/index.ts'
import { FirstRun } from './first-run.tsx'
import { ListSummary } from './list-summary.tsx'
import { useWorkspaceList, type WorkspaceListView } from './use-workspace-list.ts'
import { WorkspaceFilters } from './workspace-filters.tsx'
import { WorkspaceTable } from './workspace-table.tsx'

const keptQuery = createKept('workspaces.query', '', (stored) =>
  typeof stored === 'string' ? stored : undefined,
)

/** All workspaces of the deployment, live. */
export function WorkspacesPage({ deployment }: { readonly deployment: Deployment }) {
  const actions = useWindowActions()
  const [query, setQueryState] = useState(keptQuery.get())
  const setQuery = (next: string): void => {
    setQueryState(next)
    keptQuery.set(next)
  }
  const search = useRef<HTMLInputElement>(null)
  useKeys([{ keys: '/', run: () => search.current?.focus() }])
  const list = useWorkspaceList(deployment.id, query)
  const rows = list.data?.workspaces ?? []
  const isFirstRun = list.status === 'live' && query.trim() === '' && rows.length === 0
  return (
    <>
      <PageHeader
        title="Workspaces"
        count={list.data?.count}
        meta={<ListSummary workspaces={rows} />}
        actions={
          <Button variant="primary" icon={<PlusIcon />} onClick={actions.goToTemplates}>
            New workspace
          </Button>
        }
      />
      {isFirstRun ? (
        <FirstRun deployment={deployment} />
      ) : (
        <>
          <PageToolbar>
            <WorkspaceFilters
              deploymentId={deployment.id}
              query={query}
              onQuery={setQuery}
              shown={rows}
              searchRef={search}
            />
          </PageToolbar>
          <ListBody deployment={deployment} list={list} rows={rows} onClearQuery={() => setQuery('')} />
        </>
      )}
    </>
  )
}

interface ListBodyProps {
  readonly deployment: Deployment
  readonly list: WorkspaceListView
  readonly rows: readonly Workspace[]
  readonly onClearQuery: () => void
}

function ListBody({ deployment, list, rows, onClearQuery }: ListBodyProps) {
  const { error } = list
  const [refusal] = fieldRefusals(error)
  if (error && (refusal || list.data === undefined)) {
    const { message, detail } = errorWords(error)
    return refusal ? (
      <EmptyState
        icon={<SearchIcon />}
        tone="warn"
        title="The search is not understood"
        actions={<Button onClick={onClearQuery}>Clear the search</Button>}
      >
        {refusal.detail}
      </EmptyState>
    ) : (
      <div className="p-5">
        <ErrorState
          title="The workspaces cannot be listed"
          details={detail}
          actions={<Button onClick={list.retry}>Try again</Button>}
        >
          {message}
        </ErrorState>
      </div>
    )
  }
  if (list.data === undefined) {
    return isAway(deployment) ? (
      <DeploymentAway deployment={deployment} />
    ) : (
      <SkeletonRows rows={8} label="Loading workspaces" />
    )
  }
  return (
    <>
      {error ? (
        <Notice
          tone="warn"
          className="mx-5 mt-3"
          actions={
            <Button size="sm" onClick={list.retry}>
              Try again
            </Button>
          }
        >
          This list is from before. {errorWords(error).message}
        </Notice>
      ) : null}
      <WorkspaceTable
        deployment={deployment}
        workspaces={rows}
        empty={
          <EmptyState
            icon={<SearchIcon />}
            title="No workspace fits"
            actions={<Button onClick={onClearQuery}>Clear the search</Button>}
          >
            Nothing of {deployment.name} fits the search and its filters.
          </EmptyState>
        }
      />
    </>
  )
}
