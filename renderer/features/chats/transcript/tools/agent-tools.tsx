import type { ReactNode } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { BotIcon } from '../../../../ui/icons.tsx'
import { StatusMark, type Status } from '../../../../ui/status-mark.tsx'
import { cutText, oneLine, showUnseen } from '../hostile-text.ts'
import { MarkdownText } from '../markdown-text.tsx'
import { ChatFile } from '../picture.tsx'
import { Recording } from '../recording.tsx'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { isSet, listField, textField } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { FailureBody } from './failure-body.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, counted, doing, failureOf } from './tool-words.ts'

const marks: Readonly<Record<string, { readonly status: Status; readonly label: string }>> = {
  running: { status: 'starting', label: 'Working' },
  pending: { status: 'starting', label: 'Working' },
  interrupting: { status: 'stopping', label: 'Stopping' },
  waiting: { status: 'running', label: 'Done' },
  completed: { status: 'running', label: 'Done' },
  error: { status: 'failed', label: 'Failed' },
  requires_action: { status: 'waiting', label: 'Waiting' },
}

/** As much of what an agent is told as is drawn; its own chat has all of it. */
const maxSaid = 20_000

const verbs: Readonly<Record<string, readonly [busy: string, done: string]>> = {
  spawn_agent: ['Starting', 'Started'],
  wait_agent: ['Waiting for', 'Waited for'],
  message_agent: ['Writing to', 'Wrote to'],
  interrupt_agent: ['Stopping', 'Stopped'],
  close_agent: ['Ending', 'Ended'],
}

const types: Readonly<Record<string, string>> = {
  general: 'agent',
  explore: 'explorer',
  computer_use: 'desktop agent',
}

/** The tools that have to do with one sub-agent: how it stands, what it said, and the way to its chat. */
export function SubAgent({ call }: ToolProps) {
  const { agents } = useActions()
  const chatId = textField(call.result, 'chat_id') ?? argument(call, 'chat_id')
  const title =
    textField(call.result, 'title') ??
    argument(call, 'title') ??
    argument(call, 'prompt') ??
    agents?.get(chatId ?? '')?.title ??
    'an agent'
  const watched = useWatchedDesktop(call, chatId)
  return (
    <ToolCard
      icon={<BotIcon />}
      title={
        <>
          <span className="text-fg-3">{agentVerb(call)}</span> {oneLine(title, 160)}
        </>
      }
      meta={<AgentState call={call} />}
      actions={chatId === undefined ? undefined : <OpenChat chatId={chatId} title={title} />}
      name={watched === undefined ? undefined : 'desktop'}
      startsOpen={watched !== undefined}
      more={watched === undefined ? toldOf(call) : () => <CardBody>{watched}</CardBody>}
    >
      <FailureBody text={failureOf(call) ?? textField(call.result, 'last_error')} />
      <SeenDesktop call={call} title={title} />
    </ToolCard>
  )
}

/** What a sub-agent reported, or else was told. */
function toldOf(call: ToolCall): (() => ReactNode) | undefined {
  const report = textField(call.result, 'report')
  const said = argument(call, 'prompt') ?? argument(call, 'message')
  if (report === undefined && said === undefined) return undefined
  return () => (
    <CardBody>
      {report === undefined ? (
        <p className="copyable max-h-80 overflow-auto px-3 py-2 break-words whitespace-pre-wrap">
          {showUnseen(cutText(said ?? '', maxSaid))}
        </p>
      ) : (
        <MarkdownText text={report} className="max-h-120 overflow-auto px-3 py-2" />
      )}
    </CardBody>
  )
}

/** What a sub-agent's desktop shows while somebody waits for it. */
function useWatchedDesktop(call: ToolCall, chatId: string | undefined): ReactNode {
  const { watchDesktop, desktopAgents } = useActions()
  const isWaiting = call.name === 'wait_agent' && call.state === 'running'
  if (!isWaiting || chatId === undefined || desktopAgents?.has(chatId) !== true) return undefined
  return watchDesktop?.(chatId)
}

/** What is kept of a desktop: how it looked at the end, and the way there. */
function SeenDesktop({ call, title }: ToolProps & { readonly title: string }) {
  const picture = textField(call.result, 'thumbnail_file_id')
  const recording = textField(call.result, 'recording_file_id')
  if (picture === undefined && recording === undefined) return null
  return (
    <CardBody className="p-2">
      {recording === undefined ? (
        <ChatFile fileId={picture} name="The agent’s desktop" mediaType="image/png" />
      ) : (
        <Recording
          recordingId={recording}
          thumbnailId={picture}
          name={`Recording of ${oneLine(title, 160)}`}
        />
      )}
    </CardBody>
  )
}

interface OpenChatProps {
  readonly chatId: string
  readonly title: string
}

/** The way to the chat of a sub-agent; a screen reader hears to which. */
function OpenChat({ chatId, title }: OpenChatProps) {
  const { onOpenChat } = useActions()
  if (onOpenChat === undefined) return null
  return (
    <Button
      size="sm"
      variant="ghost"
      aria-label={`Open chat: ${oneLine(title, 160)}`}
      onClick={() => onOpenChat(chatId)}
    >
      Open chat
    </Button>
  )
}

function agentVerb(call: ToolCall): string {
  const [busy, done] = verbs[call.name] ?? ['Agent', 'Agent']
  const verb = doing(call, busy, done)
  const type = types[textField(call.result, 'type') ?? argument(call, 'type') ?? '']
  return type === undefined || call.name !== 'spawn_agent' ? verb : `${verb} ${type}`
}

/** A call that began something or wrote to it tells how that goes now; one that waited, how it was then. */
function AgentState({ call }: ToolProps) {
  const { agents } = useActions()
  if (call.state !== 'done') return <CallState call={call} />
  if (isSet(call.result, 'timed_out')) return <StatusMark status="pending" label="Was still working" />
  const now = call.name === 'wait_agent' ? undefined : agents?.get(textField(call.result, 'chat_id') ?? '')
  const status = now?.status ?? textField(call.result, 'status')
  if (status === undefined) return <CallState call={call} />
  const mark = marks[status]
  return <StatusMark status={mark?.status ?? 'unknown'} label={mark?.label ?? oneLine(status, 40)} />
}

/** `list_agents`. */
export function AgentList({ call }: ToolProps) {
  const agents = listField(call.result, 'agents').slice(0, 100)
  return (
    <ToolCard
      icon={<BotIcon />}
      title={doing(call, 'Looking at agents', `Looked at ${counted(agents.length, 'agent')}`)}
      meta={<CallState call={call} />}
      more={
        agents.length === 0
          ? undefined
          : () => (
              <CardBody>
                {agents.map((agent, index) => {
                  const chatId = textField(agent, 'chat_id') ?? textField(agent, 'id')
                  const mark = marks[textField(agent, 'status') ?? '']
                  const title = textField(agent, 'title') ?? 'Untitled'
                  return (
                    <div
                      key={index}
                      className="flex h-8 items-center gap-2 border-line pr-0.5 pl-2.5 not-last:border-b"
                    >
                      <StatusMark
                        status={mark?.status ?? 'unknown'}
                        label={mark?.label ?? 'Unknown'}
                        hideLabel
                      />
                      <span className="cut flex-1">{oneLine(title, 160)}</span>
                      {chatId === undefined ? null : <OpenChat chatId={chatId} title={title} />}
                    </div>
                  )
                })}
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** `list_subagent_models`: the models a sub-agent may have. */
export function AgentModels({ call }: ToolProps) {
  const models = listField(call.result, 'models').slice(0, 100)
  return (
    <ToolCard
      icon={<BotIcon />}
      title={doing(call, 'Looking at the models for agents', 'Looked at the models for agents')}
      meta={
        <>
          {models.length === 0 ? null : <span>{counted(models.length, 'model')}</span>}
          <CallState call={call} />
        </>
      }
      more={
        models.length === 0
          ? undefined
          : () => (
              <CardBody className="px-3 py-1.5">
                {models.map((model, index) => {
                  const id = textField(model, 'model') ?? textField(model, 'id')
                  const name = textField(model, 'display_name') ?? textField(model, 'name')
                  return (
                    <div key={index} className="cut">
                      {oneLine(name ?? '', 80)} <Mono quiet>{oneLine(id ?? '', 80)}</Mono>
                    </div>
                  )
                })}
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}
