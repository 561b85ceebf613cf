import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { Template } from '#bridge/contract/templates'
import { errorWords } from '../../api/error-words.ts'
import { useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LayersIcon, SearchIcon } from '../../ui/icons.tsx'
import { PageHeader, PageToolbar } from '../../ui/page-header.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useWindowActions } from '../window/index.ts'
import { TemplateCard } from './template-card.tsx'

/** The templates of the deployment. */
export function TemplatesPage({ deployment }: { readonly deployment: Deployment }) {
  const [query, setQuery] = useState('')
  const templates = useRead('templates.list', { deploymentId: deployment.id })
  return (
    <>
      <PageHeader title="Templates" count={templates.data?.length} />
      <PageToolbar>
        <SearchField
          className="max-w-[380px] flex-1"
          value={query}
          onChange={setQuery}
          placeholder="Search templates"
        />
      </PageToolbar>
      <div className="min-h-0 flex-1 overflow-auto p-5">
        {templates.isError ? (
          <ErrorState
            title={`The templates of ${deployment.name} cannot be listed`}
            details={errorWords(templates.error).detail}
            actions={<Button onClick={() => void templates.refetch()}>Try again</Button>}
          >
            {errorWords(templates.error).message}
          </ErrorState>
        ) : templates.data === undefined ? (
          <GallerySkeleton />
        ) : (
          <Gallery
            deployment={deployment}
            templates={templates.data}
            query={query}
            onClear={() => setQuery('')}
          />
        )}
      </div>
    </>
  )
}

interface GalleryProps {
  readonly deployment: Deployment
  readonly templates: readonly Template[]
  readonly query: string
  readonly onClear: () => void
}

function Gallery({ deployment, templates, query, onClear }: GalleryProps) {
  const actions = useWindowActions()
  const shown = templates.filter((template) => fits(template, query))
  if (templates.length === 0) {
    return (
      <EmptyState icon={<LayersIcon />} title={`${deployment.name} has no templates`}>
        A template describes how a workspace is made. Somebody with the template admin role adds the first
        one.
      </EmptyState>
    )
  }
  if (shown.length === 0) {
    return (
      <EmptyState
        icon={<SearchIcon />}
        title="No template fits"
        actions={<Button onClick={onClear}>Clear the search</Button>}
      >
        Nothing is called “{query.trim()}” here.
      </EmptyState>
    )
  }
  return (
    <ul aria-label="Templates" className="grid grid-cols-[repeat(auto-fill,minmax(280px,1fr))] gap-3">
      {shown.map((template) => (
        <li key={template.id}>
          <TemplateCard
            template={template}
            actionLabel={template.display_name || template.name}
            onSelect={() => actions.goToTemplate(template.id)}
          />
        </li>
      ))}
    </ul>
  )
}

function fits({ name, display_name, description }: Template, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/)
  const text = `${name} ${display_name} ${description}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

function GallerySkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading templates"
      className="grid grid-cols-[repeat(auto-fill,minmax(280px,1fr))] gap-3"
    >
      {Array.from({ length: 3 }, (_, index) => (
        <div key={index} className="flex gap-3 rounded-lg border border-line p-3.5">
          <Skeleton className="size-10" />
          <div className="flex flex-1 flex-col gap-2.5 pt-1">
            <Skeleton className="w-1/2" />
            <Skeleton className="w-4/5" />
          </div>
        </div>
      ))}
    </div>
  )
}
