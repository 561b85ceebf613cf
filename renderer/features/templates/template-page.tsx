import type { Deployment } from '#ipc/deployments'
import type { TemplateVersionParameter } from '#bridge/contract/template-versions'
import { errorWords } from '../../api/error-words.ts'
import type { Output } from '../../api/procedure-types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { Code } from '../../ui/code.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { PlusIcon } from '../../ui/icons.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { useWindowActions } from '../window/index.ts'
import { parameterLabel } from './parameter-field.ts'
import { readmeText } from './readme-text.ts'
import { TemplateIcon } from './template-icon.tsx'
import { useTemplate } from './use-template.ts'

export interface TemplatePageProps {
  readonly deployment: Deployment
  readonly templateId: string
}

/** One template: what it makes, what it asks, and the way to a workspace from it. */
export function TemplatePage({ deployment, templateId }: TemplatePageProps) {
  const actions = useWindowActions()
  const detail = useTemplate(deployment.id, templateId)
  const name = detail.data ? detail.data.template.display_name || detail.data.template.name : 'Template'
  return (
    <>
      <PageHeader
        title={name}
        trail={[{ label: 'Templates', onSelect: actions.goToTemplates }]}
        actions={
          <Button
            variant="primary"
            icon={<PlusIcon />}
            disabled={!detail.data}
            onClick={() => actions.goToCreate(templateId)}
          >
            New workspace
          </Button>
        }
      />
      <div className="min-h-0 flex-1 overflow-auto border-t border-line p-5">
        {detail.error ? (
          <TemplateError error={detail.error} onRetry={detail.retry} />
        ) : detail.data ? (
          <TemplateBody {...detail.data} />
        ) : (
          <SkeletonRows rows={6} label="Loading the template" />
        )}
      </div>
    </>
  )
}

/** Why a template cannot be shown, with the way on. */
export function TemplateError({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { message, detail } = errorWords(error)
  return (
    <ErrorState
      title="The template cannot be shown"
      details={detail}
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {message}
    </ErrorState>
  )
}

function TemplateBody({ template, version, parameters }: Output<'templates.get'>) {
  const actions = useWindowActions()
  const readme = readmeText(version.readme)
  return (
    <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_340px]">
      <div className="flex min-w-0 flex-col gap-4">
        <div className="flex items-center gap-3">
          <TemplateIcon template={template} />
          <div className="min-w-0">
            <div className="text-lg font-semibold">{template.display_name || template.name}</div>
            <p className="text-fg-2">{template.description || 'No description.'}</p>
          </div>
        </div>
        {template.deprecated ? (
          <Notice tone="warn" title="This template is deprecated">
            {template.deprecation_message || undefined}
          </Notice>
        ) : null}
        <Card title="README">
          {readme === '' ? (
            <p className="text-fg-3">This template has no README.</p>
          ) : (
            <Markdown onOpenLink={(url) => actions.openLink(url, 'content')}>{readme}</Markdown>
          )}
        </Card>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Card title="Details">
          <KeyValue
            items={[
              [
                'Version',
                <span key="version" className="num">
                  {version.name}
                </span>,
              ],
              ['Updated', <RelativeTime key="updated" value={version.created_at} />],
              ['By', version.created_by.username],
              ['In use by', template.active_user_count < 0 ? undefined : people(template.active_user_count)],
            ]}
          />
        </Card>
        <Card title="Parameters" meta={parameters.length === 0 ? undefined : String(parameters.length)} flush>
          {parameters.length === 0 ? (
            <p className="p-3.5 text-fg-3">It asks nothing but a name.</p>
          ) : (
            parameters.map((parameter) => <ParameterRow key={parameter.name} parameter={parameter} />)
          )}
        </Card>
      </div>
    </div>
  )
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`
}

function ParameterRow({ parameter }: { readonly parameter: TemplateVersionParameter }) {
  return (
    <CardRow>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <span className="cut font-medium">{parameterLabel(parameter)}</span>
          {parameter.required ? <Badge outlined>Required</Badge> : null}
        </div>
        <div className="text-sm text-fg-3">{parameter.description_plaintext || parameter.description}</div>
      </div>
      {parameter.default_value === '' ? null : (
        <Code className="cut max-w-32">{parameter.default_value}</Code>
      )}
    </CardRow>
  )
}
