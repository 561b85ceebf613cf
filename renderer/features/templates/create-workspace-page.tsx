import { useEffect, useId, useRef, useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { Workspace } from '#bridge/contract/workspaces'
import { useSubscription } from '../../api/use-subscription.ts'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useWindowActions } from '../window/index.ts'
import { CreateForm } from './create-form.tsx'
import { CreatedPanel, OpenCreatedButtons } from './created-panel.tsx'
import { TemplateError } from './template-page.tsx'
import { useTemplate } from './use-template.ts'

export interface CreateWorkspacePageProps {
  readonly deployment: Deployment
  readonly templateId: string
}

/** Makes a workspace from a template: the form at the left, its build live at the right once it runs. */
export function CreateWorkspacePage({ deployment, templateId }: CreateWorkspacePageProps) {
  const actions = useWindowActions()
  const detail = useTemplate(deployment.id, templateId)
  const own = useSubscription('workspaces.watchList', { deploymentId: deployment.id, q: 'owner:me' })
  const [created, setCreated] = useState<Workspace>()
  const [round, setRound] = useState(0)
  const formId = useId()
  const buildSide = useRef<HTMLElement>(null)
  // The button that was pressed is gone then; the build takes its focus, and comes into view where it is not.
  useEffect(() => {
    if (created) buildSide.current?.focus()
  }, [created])
  const [isCreating, setIsCreating] = useState(false)
  const templateName = detail.data
    ? detail.data.template.display_name || detail.data.template.name
    : 'Template'
  // A list that cannot be had only costs the early word about a taken name.
  const isReady = detail.data !== undefined && own.status !== 'loading'
  return (
    <>
      <PageHeader
        title="New workspace"
        trail={[
          { label: 'Templates', onSelect: actions.goToTemplates },
          { label: templateName, onSelect: () => actions.goToTemplate(templateId) },
        ]}
        actions={
          created ? (
            <OpenCreatedButtons
              deploymentId={deployment.id}
              created={created}
              onAnother={() => {
                setCreated(undefined)
                setRound(round + 1)
              }}
            />
          ) : (
            <>
              <Button variant="ghost" onClick={() => actions.goToTemplate(templateId)}>
                Cancel
              </Button>
              <Button type="submit" form={formId} variant="primary" disabled={!isReady} loading={isCreating}>
                Create workspace
              </Button>
            </>
          )
        }
      />
      <div className="flex min-h-0 flex-1 flex-col overflow-auto border-t border-line mid:grid mid:grid-cols-[minmax(0,1fr)_minmax(300px,400px)] mid:grid-rows-1">
        <div className="min-h-0 p-5 mid:overflow-auto">
          {detail.error ? <TemplateError error={detail.error} onRetry={detail.retry} /> : null}
          {detail.isImporting ? (
            <Notice tone="busy" title="The template is still being read">
              Its parameters show here in a moment, by themselves.
            </Notice>
          ) : null}
          {detail.data && isReady ? (
            <CreateForm
              key={round}
              formId={formId}
              deployment={deployment}
              detail={detail.data}
              taken={namesOf(own.data?.workspaces ?? [])}
              isDone={created !== undefined}
              onCreating={setIsCreating}
              onCreated={setCreated}
            />
          ) : detail.error || detail.isImporting ? null : (
            <SkeletonRows rows={6} label="Loading the form" />
          )}
        </div>
        <aside
          ref={buildSide}
          tabIndex={-1}
          aria-label="Build"
          // Narrow: nothing until there is a build, and then it is what one wants to see first.
          className={classNames(
            'border-line p-4 outline-none mid:block mid:min-h-0 mid:border-l',
            created ? '-order-1 flex-none border-b mid:order-none mid:border-b-0' : 'hidden',
          )}
        >
          <CreatedPanel deploymentId={deployment.id} created={created} />
        </aside>
      </div>
    </>
  )
}

function namesOf(workspaces: readonly Workspace[]): ReadonlySet<string> {
  return new Set(workspaces.map(({ name }) => name.toLowerCase()))
}
