import { BoxIcon, LayersIcon } from '../../../../ui/icons.tsx'
import { StatusMark, type Status } from '../../../../ui/status-mark.tsx'
import { oneLine } from '../hostile-text.ts'
import { jsonText } from '../json-text.ts'
import { PlainText } from '../long-text.tsx'
import { MarkdownText } from '../markdown-text.tsx'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { fieldsOf, isSet, listField, numberField, textField } from '../tool-fields.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { FailureBody } from './failure-body.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, doing, failureOf } from './tool-words.ts'

const verbs: Readonly<Record<string, readonly [busy: string, done: string]>> = {
  create_workspace: ['Creating the workspace', 'Created the workspace'],
  start_workspace: ['Starting the workspace', 'Started the workspace'],
  stop_workspace: ['Stopping the workspace', 'Stopped the workspace'],
}

/** `create_workspace`, `start_workspace`, `stop_workspace`. */
export function WorkspaceChange({ call }: ToolProps) {
  const name = textField(call.result, 'workspace_name') ?? argument(call, 'name')
  const [busy, done] = verbs[call.name] ?? ['Changing the workspace', 'Changed the workspace']
  const parameters = fieldsOf(call.args)['parameters']
  const hasParameters = Object.keys(fieldsOf(parameters)).length > 0
  const message = textField(call.result, 'message')
  return (
    <ToolCard
      icon={<BoxIcon />}
      title={
        <>
          {doing(call, busy, done)} {name === undefined ? null : <Mono quiet>{oneLine(name, 80)}</Mono>}
        </>
      }
      meta={<WorkspaceState call={call} />}
      more={
        hasParameters
          ? () => (
              <CardBody>
                <PlainText text={jsonText(parameters)} />
              </CardBody>
            )
          : undefined
      }
    >
      {message === undefined || failureOf(call) !== undefined ? null : (
        <CardBody className="px-2.5 py-1.5 text-fg-2 copyable">{oneLine(message, 1000)}</CardBody>
      )}
      <QuotaBody result={call.result} />
      <FailureBody text={failureOf(call) ?? textField(call.result, 'agent_error')} />
    </ToolCard>
  )
}

const agentMarks: Readonly<Record<string, { readonly status: Status; readonly label: string }>> = {
  ready: { status: 'running', label: 'Agent ready' },
  connected: { status: 'running', label: 'Agent connected' },
  connecting: { status: 'starting', label: 'Agent connecting' },
  timeout: { status: 'unhealthy', label: 'Agent not connected' },
  disconnected: { status: 'unhealthy', label: 'Agent not connected' },
  start_error: { status: 'failed', label: 'Start-up script failed' },
  start_timeout: { status: 'unhealthy', label: 'Start-up script takes long' },
}

function WorkspaceState({ call }: ToolProps) {
  if (call.state !== 'done') return <CallState call={call} />
  if (failureOf(call) !== undefined)
    return <StatusMark status="failed" label="Failed" className="text-bad-fg" />
  const mark =
    agentMarks[textField(call.result, 'lifecycle_state') ?? ''] ??
    agentMarks[textField(call.result, 'agent_status') ?? '']
  return (
    <>
      {mark ? <StatusMark {...mark} /> : null}
      <CallState call={call} />
    </>
  )
}

/** Why the quota allows no more. */
function QuotaBody({ result }: { readonly result: unknown }) {
  const quota = fieldsOf(result)['quota']
  const used = numberField(quota, 'credits_consumed')
  const budget = numberField(quota, 'budget')
  if (used === undefined || budget === undefined) return null
  return (
    <CardBody className="num bg-warn-bg px-2.5 py-1.5 text-warn-fg">
      {used} of {budget} credits are used. Stop or delete a workspace, or ask for more.
    </CardBody>
  )
}

/** `list_templates`. */
export function TemplateList({ call }: ToolProps) {
  const templates = listField(call.result, 'templates').slice(0, 100)
  const recommended = textField(call.result, 'recommended_template_id')
  return (
    <ToolCard
      icon={<LayersIcon />}
      title={templatesTitle(call, templates.length)}
      meta={<CallState call={call} />}
      more={
        templates.length === 0
          ? undefined
          : () => (
              <CardBody>
                {templates.map((template, index) => (
                  <div key={index} className="border-line px-2.5 py-1.5 not-last:border-b">
                    <div className="flex items-center gap-2">
                      <span className="cut font-medium">
                        {oneLine(
                          textField(template, 'display_name') ?? textField(template, 'name') ?? '',
                          80,
                        )}
                      </span>
                      {recommended !== undefined && textField(template, 'id') === recommended ? (
                        <span className="text-sm text-accent-fg">Recommended</span>
                      ) : null}
                    </div>
                    <div className="text-sm text-fg-3">
                      {oneLine(textField(template, 'description') ?? '', 300)}
                    </div>
                  </div>
                ))}
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

function templatesTitle(call: ToolCall, count: number): string {
  const query = argument(call, 'query')
  if (call.state !== 'done') return 'Looking for templates'
  const found = count === 1 ? 'Found 1 template' : `Found ${count} templates`
  return query === undefined ? found : `${found} for “${oneLine(query, 80)}”`
}

/** `read_template`. */
export function ReadTemplate({ call }: ToolProps) {
  const template = fieldsOf(call.result)['template']
  const name = textField(template, 'display_name') ?? textField(template, 'name') ?? ''
  const readme = textField(template, 'readme')
  const parameters = listField(call.result, 'parameters').length
  return (
    <ToolCard
      icon={<LayersIcon />}
      title={
        <>
          {doing(call, 'Reading template', 'Read template')} {name === '' ? null : oneLine(name, 80)}{' '}
          {parameters === 0 ? null : (
            <span className="text-fg-3">{parameters === 1 ? '1 parameter' : `${parameters} parameters`}</span>
          )}
        </>
      }
      meta={<CallState call={call} />}
      more={
        readme === undefined || isSet(call.result, 'error')
          ? undefined
          : () => (
              <CardBody>
                <MarkdownText text={readme} className="max-h-120 overflow-auto px-3 py-2" />
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}
