import { isUuid } from '#bridge/contract/uuid'
import { BoxIcon, LayersIcon } from '../../../../ui/icons.tsx'
import { StatusMark, type Status } from '../../../../ui/status-mark.tsx'
import { BuildLogTail, type BuildLogTailProps } from '../../../workspaces/index.ts'
import { oneLine } from '../hostile-text.ts'
import { jsonText } from '../json-text.ts'
import { PlainText } from '../long-text.tsx'
import { MarkdownText } from '../markdown-text.tsx'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { fieldsOf, isSet, listField, numberField, textField } from '../tool-fields.ts'
import { useActions, type TranscriptActions } from '../transcript-actions.ts'
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
  const quota = fieldsOf(call.result)['quota']
  const log = useBuildLog(call)
  return (
    <ToolCard
      icon={<BoxIcon />}
      title={
        <>
          {quota === undefined ? doing(call, busy, done) : busy}{' '}
          {name === undefined ? null : <Mono quiet>{oneLine(name, 80)}</Mono>}
        </>
      }
      meta={<WorkspaceState call={call} />}
      startsOpen={call.state === 'running' && log !== undefined}
      more={
        hasParameters || log !== undefined
          ? () => (
              <>
                {hasParameters ? (
                  <CardBody>
                    <PlainText text={jsonText(parameters)} />
                  </CardBody>
                ) : null}
                {log === undefined ? null : (
                  <CardBody>
                    <BuildLogTail {...log} />
                  </CardBody>
                )}
              </>
            )
          : undefined
      }
    >
      {message === undefined || failureOf(call) !== undefined ? null : (
        <CardBody className="px-2.5 py-1.5 text-fg-2 copyable">{oneLine(message, 1000)}</CardBody>
      )}
      <QuotaBody quota={quota} />
      <FailureBody text={failureOf(call) ?? textField(call.result, 'agent_error')} />
    </ToolCard>
  )
}

/**
 * The log of the build that a call made. Which one that is the call says once it is over; until then it is the one of the
 * chat's workspace that runs, or has begun since.
 */
function useBuildLog(call: ToolCall): BuildLogTailProps | undefined {
  const { builds } = useActions()
  if (builds === undefined) return undefined
  const { deploymentId, latest } = builds
  const buildId = call.state === 'running' ? begunId(latest, call) : madeId(call)
  if (buildId === undefined) return undefined
  return { deploymentId, buildId, isRunning: latest?.isRunning === true && latest.id === buildId }
}

type LatestBuild = NonNullable<TranscriptActions['builds']>['latest']

function begunId(latest: LatestBuild, { startedAt }: ToolCall): string | undefined {
  if (latest === undefined) return undefined
  const isSince = startedAt !== undefined && Date.parse(latest.createdAt) >= Date.parse(startedAt)
  return latest.isRunning || isSince ? latest.id : undefined
}

function madeId({ result }: ToolCall): string | undefined {
  const id = textField(result, 'build_id')
  return id !== undefined && isUuid(id) ? id : undefined
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
  if (failureOf(call) !== undefined || 'quota' in fieldsOf(call.result))
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
function QuotaBody({ quota }: { readonly quota: unknown }) {
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
