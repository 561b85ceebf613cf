import type { Deployment } from '#ipc/deployments'
import { useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { BoxIcon, LayersIcon } from '../../ui/icons.tsx'
import { TemplateCard } from '../templates/index.ts'
import { useWindowActions } from '../window/index.ts'

/** As many as a deployment of this machine starts with. */
const shownAtMost = 5

/** In place of an empty list: what a workspace is, and the templates to make the first one from. */
export function FirstRun({ deployment }: { readonly deployment: Deployment }) {
  const actions = useWindowActions()
  const templates = useRead('templates.list', { deploymentId: deployment.id })
  const offered = templates.data?.filter(({ deprecated }) => !deprecated) ?? []
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <EmptyState
        className="min-h-full"
        icon={<BoxIcon />}
        title={`No workspaces on ${deployment.name} yet`}
        actions={
          offered.length > 0 && offered.length <= shownAtMost ? null : (
            <Button variant="primary" icon={<LayersIcon />} onClick={actions.goToTemplates}>
              Show the templates
            </Button>
          )
        }
        footnote={deployment.kind === 'local' ? 'It runs on this machine. Nothing leaves it.' : undefined}
      >
        A workspace is a development environment with a terminal, made from a template.
        {offered.length === 0 ? null : (
          <div className="mt-4 flex w-[340px] max-w-full flex-col gap-2 text-left text-fg">
            {offered.slice(0, shownAtMost).map((template) => (
              <TemplateCard
                key={template.id}
                template={template}
                actionLabel={`New workspace from ${template.display_name || template.name}`}
                onSelect={() => actions.goToCreate(template.id)}
              />
            ))}
          </div>
        )}
      </EmptyState>
    </div>
  )
}
