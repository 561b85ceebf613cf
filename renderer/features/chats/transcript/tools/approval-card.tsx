import { useEffect, useRef, useState } from 'react'
import type { ChatStreamToolCall } from '#bridge/contract/chats-stream'
import { Button } from '../../../../ui/button.tsx'
import { ShieldQuestionMarkIcon } from '../../../../ui/icons.tsx'
import { Input } from '../../../../ui/input.tsx'
import { Kbd } from '../../../../ui/kbd.tsx'
import { useCallState } from '../row-memory.tsx'
import { CardBody, ToolCard } from '../tool-card.tsx'
import { useActions } from '../transcript-actions.ts'
import { askedWords } from './asked-words.ts'
import { ApprovalSubject } from './approval-subject.tsx'
import { FailureBody } from './failure-body.tsx'
import { useCardKeys } from './use-card-keys.ts'
import { isRepeated, useDecision, type Decision, type Press } from './use-decision.ts'

/**
 * A call that waits for the user. Its keys work only while the card itself has the focus by the keyboard, and it never
 * takes that by itself: what somebody types elsewhere allows nothing.
 */
export function ApprovalCard({ asked }: { readonly asked: ChatStreamToolCall }) {
  const { onDecide, serverNames } = useActions()
  const call = { id: asked.tool_call_id, args: asked.args }
  const [isDenying, setDenying] = useCallState(call, 'denying', false)
  const [reason, setReason] = useCallState(call, 'reason', '')
  /** The form was asked for right now, and is not one that was scrolled back into sight. */
  const [isAsked, setAsked] = useState(false)
  const decision = useDecision(call)
  const startDenying = (): void => {
    setAsked(true)
    setDenying(true)
  }
  const keys = useCardKeys({
    a: (event) => decision.allow(event, 'once'),
    d: startDenying,
  })
  const title = askedWords(asked.tool_name, serverNames)
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={title}
      className="group/ask rounded-md focus-visible:outline-offset-2"
      {...keys}
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
        <FailureBody text={decision.failure} />
        {onDecide === undefined ? null : (
          <CardBody className="p-2">
            {isDenying ? (
              <DenyForm
                reason={reason}
                takesFocus={isAsked}
                isSending={decision.sending !== undefined}
                onReason={setReason}
                onDeny={(press) => decision.deny(press, reason)}
                onBack={() => setDenying(false)}
              />
            ) : (
              <Decisions decision={decision} onDeny={startDenying} />
            )}
          </CardBody>
        )}
      </ToolCard>
    </div>
  )
}

interface DecisionsProps {
  readonly decision: Decision
  readonly onDeny: () => void
}

const scopes = [
  { scope: 'once', label: 'Allow once' },
  { scope: 'chat', label: 'Allow in this chat' },
  { scope: 'workspace', label: 'Always in this workspace' },
] as const

function Decisions({ decision: { sending, isSettled, allow }, onDeny }: DecisionsProps) {
  const { hasWorkspace = false } = useActions()
  const isSending = sending !== undefined
  return (
    <div className="flex flex-wrap items-center gap-2">
      {scopes
        .filter(({ scope }) => hasWorkspace || scope !== 'workspace')
        .map(({ scope, label }) => (
          <Button
            key={scope}
            size="sm"
            variant={scope === 'once' ? 'primary' : undefined}
            loading={sending === scope}
            disabled={isSending && sending !== scope}
            aria-disabled={isSettled ? undefined : true}
            trailing={scope === 'once' ? <KeyMark keys="A" /> : undefined}
            onClick={(event) => allow(event, scope)}
          >
            {label}
          </Button>
        ))}
      <Button
        size="sm"
        variant="danger-ghost"
        className="ml-auto"
        disabled={isSending}
        trailing={
          <span className="hidden group-focus-visible/ask:inline">
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
    <span className="ml-0.5 hidden rounded-sm bg-on-accent/20 px-1 text-[11px] leading-4 group-focus-visible/ask:inline">
      {keys}
    </span>
  )
}

interface DenyFormProps {
  readonly takesFocus: boolean
  readonly reason: string
  readonly isSending: boolean
  readonly onReason: (reason: string) => void
  readonly onDeny: (press: Press) => void
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
        onDeny({ detail: 0, timeStamp: event.timeStamp })
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
      <Button
        variant="danger"
        type="submit"
        loading={isSending}
        onClick={(event) => {
          // The second click of the one that opened the form.
          if (isRepeated(event)) event.preventDefault()
        }}
      >
        Deny
      </Button>
    </form>
  )
}
