import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { Template } from '#bridge/contract/templates'
import { errorWords } from '../../api/error-words.ts'
import { useRead } from '../../api/use-call.ts'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LayersIcon, PlusIcon, SearchIcon } from '../../ui/icons.tsx'
import { PageHeader, PageToolbar } from '../../ui/page-header.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useWindowActions } from '../window/index.ts'
import { TemplateCard } from './template-card.tsx'

/** Up to here a gallery needs no search, and gets company instead. */
const fewTemplates = 2

/** The templates of the deployment. */
export function TemplatesPage({ deployment }: { readonly deployment: Deployment }) {
  const [query, setQuery] = useState('')
  const templates = useRead('templates.list', { deploymentId: deployment.id })
  // A search over what is seen at one glance would only be in the way.
  const hasSearch = (templates.data?.length ?? 0) > fewTemplates
  return (
    <>
      <PageHeader title="Templates" count={templates.data?.length} />
      {hasSearch ? (
        <PageToolbar>
          <SearchField
            className="max-w-[380px] flex-1"
            value={query}
            onChange={setQuery}
            placeholder="Search templates"
          />
        </PageToolbar>
      ) : null}
      <div className={classNames('min-h-0 flex-1 overflow-auto p-5', !hasSearch && 'border-t border-line')}>
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
  const cards = shown.map((template) => (
    <li key={template.id}>
      <TemplateCard
        template={template}
        actionLabel={template.display_name || template.name}
        onSelect={() => actions.goToTemplate(template.id)}
      />
    </li>
  ))
  if (templates.length > fewTemplates) {
    return (
      <ul aria-label="Templates" className="grid grid-cols-[repeat(auto-fill,minmax(280px,1fr))] gap-3">
        {cards}
      </ul>
    )
  }
  return (
    <div className="grid max-w-[960px] gap-3 mid:grid-cols-2">
      <ul aria-label="Templates" className="flex flex-col gap-3">
        {cards}
      </ul>
      <MoreTemplates deployment={deployment} />
    </div>
  )
}

/** Beside a gallery of one or two: where others come from. */
function MoreTemplates({ deployment }: { readonly deployment: Deployment }) {
  const actions = useWindowActions()
  const isLocal = deployment.kind === 'local'
  return (
    <section
      aria-label="More templates"
      className="flex items-center gap-3 rounded-lg border border-dashed border-line-strong p-3.5"
    >
      <div className="min-h-10 min-w-0 flex-1">
        <h2 className="font-semibold">More templates</h2>
        <p className="text-sm text-fg-2">
          {isLocal
            ? 'A Coder deployment brings its own.'
            : `Template admins of ${deployment.name} add and change templates there.`}
        </p>
      </div>
      {isLocal ? (
        <Button icon={<PlusIcon />} onClick={actions.askAddDeployment}>
          Add deployment
        </Button>
      ) : null}
    </section>
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
