import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { ApprovalDecision, ApprovalScope } from '#bridge/contract/chats-approvals'
import type { ChatStreamToolCall } from '#bridge/contract/chats-stream'
import { errorWords } from '../../../../api/error-words.ts'
import { Button } from '../../../../ui/button.tsx'
import { ShieldQuestionMarkIcon } from '../../../../ui/icons.tsx'
import { Input } from '../../../../ui/input.tsx'
import { Kbd } from '../../../../ui/kbd.tsx'
import { oneLine } from '../hostile-text.ts'
import { useRowState } from '../row-memory.tsx'
import { CardBody, ToolCard } from '../tool-card.tsx'
import { useActions } from '../transcript-actions.ts'
import { ApprovalSubject } from './approval-subject.tsx'
import { FailureBody } from './failure-body.tsx'

const questions: Readonly<Record<string, string>> = {
  execute: 'Run this command?',
  process_signal: 'End this process?',
  write_file: 'Write this file?',
  edit_files: 'Make these edits?',
  read_file: 'Read this file?',
  create_workspace: 'Create this workspace?',
  start_workspace: 'Start the workspace?',
  stop_workspace: 'Stop the workspace?',
  spawn_agent: 'Start a sub-agent?',
}

/**
 * A call that waits for the user. Its keys work only while the card itself has the focus, which it never takes by
 * itself: what somebody types elsewhere allows nothing.
 */
export function ApprovalCard({ asked }: { readonly asked: ChatStreamToolCall }) {
  const { onDecide } = useActions()
  const [isDenying, setDenying] = useRowState('denying', false)
  const [reason, setReason] = useRowState('reason', '')
  const [sending, setSending] = useState<string>()
  const [failure, setFailure] = useState<string>()
  /** The form was asked for right now, and is not one that was scrolled back into sight. */
  const [isAsked, setAsked] = useState(false)
  const startDenying = (): void => {
    setAsked(true)
    setDenying(true)
  }
  const decide = (decision: 'allow' | 'deny', scope?: ApprovalScope): void => {
    if (!onDecide || sending !== undefined) return
    setSending(scope ?? decision)
    setFailure(undefined)
    const made: ApprovalDecision = {
      tool_call_id: asked.tool_call_id,
      decision,
      ...(scope === undefined ? {} : { scope }),
      ...(decision === 'deny' && reason.trim() !== '' ? { reason: reason.trim() } : {}),
    }
    onDecide([made]).then(
      // The card goes when the server says that the call is decided.
      () => undefined,
      (error: unknown) => {
        setSending(undefined)
        setFailure(errorWords(error).message)
      },
    )
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (
      event.target !== event.currentTarget ||
      event.repeat ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return
    const key = event.key.toLowerCase()
    if (key === 'a') decide('allow', 'once')
    else if (key === 'd') startDenying()
    else return
    event.preventDefault()
  }
  const title = questions[asked.tool_name] ?? `Use ${oneLine(asked.tool_name, 100)}?`
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={title}
      className="group/ask rounded-md focus-visible:outline-offset-2"
      onKeyDown={onKeyDown}
    >
      <ToolCard
        icon={<ShieldQuestionMarkIcon />}
        isAsking
        title={<span className="font-medium">{title}</span>}
        meta="Waiting for you"
      >
        <CardBody>
          <ApprovalSubject asked={asked} />
        </CardBody>
        <FailureBody text={failure} />
        {onDecide === undefined ? null : (
          <CardBody className="p-2">
            {isDenying ? (
              <DenyForm
                reason={reason}
                takesFocus={isAsked}
                isSending={sending !== undefined}
                onReason={setReason}
                onDeny={() => decide('deny')}
                onBack={() => setDenying(false)}
              />
            ) : (
              <Decisions
                sending={sending}
                onAllow={(scope) => decide('allow', scope)}
                onDeny={startDenying}
              />
            )}
          </CardBody>
        )}
      </ToolCard>
    </div>
  )
}

interface DecisionsProps {
  readonly sending: string | undefined
  readonly onAllow: (scope: ApprovalScope) => void
  readonly onDeny: () => void
}

function Decisions({ sending, onAllow, onDeny }: DecisionsProps) {
  const isSending = sending !== undefined
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        size="sm"
        variant="primary"
        loading={sending === 'once'}
        disabled={isSending && sending !== 'once'}
        trailing={<KeyMark keys="A" />}
        onClick={() => onAllow('once')}
      >
        Allow once
      </Button>
      <Button
        size="sm"
        loading={sending === 'chat'}
        disabled={isSending && sending !== 'chat'}
        onClick={() => onAllow('chat')}
      >
        Allow in this chat
      </Button>
      <Button
        size="sm"
        loading={sending === 'workspace'}
        disabled={isSending && sending !== 'workspace'}
        onClick={() => onAllow('workspace')}
      >
        Always in this workspace
      </Button>
      <Button
        size="sm"
        variant="danger-ghost"
        className="ml-auto"
        disabled={isSending}
        trailing={
          <span className="hidden group-focus/ask:inline">
            <Kbd keys="D" />
          </span>
        }
        onClick={onDeny}
      >
        Deny
      </Button>
    </div>
  )
}

/** A key on the filled button. */
function KeyMark({ keys }: { readonly keys: string }) {
  return (
    <span className="ml-0.5 hidden rounded-sm bg-on-accent/20 px-1 text-[11px] leading-4 group-focus/ask:inline">
      {keys}
    </span>
  )
}

interface DenyFormProps {
  readonly takesFocus: boolean
  readonly reason: string
  readonly isSending: boolean
  readonly onReason: (reason: string) => void
  readonly onDeny: () => void
  readonly onBack: () => void
}

function DenyForm({ reason, takesFocus, isSending, onReason, onDeny, onBack }: DenyFormProps) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (takesFocus) field.current?.focus()
  }, [takesFocus])
  return (
    <form
      className="flex items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        onDeny()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onBack()
      }}
    >
      <Input
        size="md"
        ref={field}
        aria-label="Why not"
        placeholder="Why not? The agent is told. May stay empty."
        maxLength={2000}
        value={reason}
        onChange={(event) => onReason(event.target.value)}
      />
      <Button variant="ghost" onClick={onBack}>
        Back
      </Button>
      <Button variant="danger" type="submit" loading={isSending}>
        Deny
      </Button>
    </form>
  )
}
