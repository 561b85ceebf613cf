import { useState } from 'react'
import type { ChatMessage } from '#bridge/contract/chats-messages'
import type { Chat } from '#bridge/contract/chats'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { RefreshCwIcon } from '../../ui/icons.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Popover } from '../../ui/popover.tsx'
import { RelativeTime } from '../../ui/time.tsx'

/** How full the model's window is, by the last answer that said so. */
export interface ContextUse {
  readonly used: number
  readonly limit: number
  readonly input: number
  readonly cached: number
  readonly output: number
}

/** What the last answer counted; undefined while none has. */
export function contextUse(messages: readonly ChatMessage[]): ContextUse | undefined {
  const usage = messages.findLast((message) => message.usage?.context_limit !== undefined)?.usage
  const limit = usage?.context_limit ?? 0
  if (!usage || limit <= 0) return undefined
  const input = usage.input_tokens ?? 0
  const cached = (usage.cache_read_tokens ?? 0) + (usage.cache_creation_tokens ?? 0)
  const output = usage.output_tokens ?? 0
  return { used: input + cached + output, limit, input, cached, output }
}

const circumference = 2 * Math.PI * 6

export interface ContextRingProps {
  /** Undefined: no answer has told. */
  readonly use: ContextUse | undefined
  /** What the chat was told of its workspace, where its deployment tells. */
  readonly context: Chat['context']
  /** Has it told anew; settles when that is done. Undefined: not for who looks. */
  readonly onRefresh: (() => Promise<void>) | undefined
}

/** The share of the model's window in use, with its parts on demand, and whether what it knows of the workspace is old. */
export function ContextRing({ use, context, onRefresh }: ContextRingProps) {
  const state = stateOf(context)
  if (use === undefined && state === undefined) return null
  const percent = use === undefined ? undefined : Math.round(shareOf(use) * 100)
  const words = [percent === undefined ? undefined : `${percent} % used`, state].filter(Boolean)
  return (
    <Popover
      align="end"
      title="Context"
      trigger={
        <button
          type="button"
          aria-label={`Context: ${words.join(', ')}`}
          className="flex h-7 items-center gap-1.5 rounded-md px-1.5 text-sm text-fg-3 hover:bg-hover hover:text-fg"
        >
          {percent === undefined ? null : <span className="num @max-lg:sr-only">{percent} %</span>}
          <span className="relative flex-none">
            <Ring share={use === undefined ? 0 : shareOf(use)} />
            {state !== undefined ? (
              <span
                aria-hidden="true"
                className="absolute -top-0.5 -right-0.5 size-1.5 rounded-full bg-warn"
              />
            ) : null}
          </span>
        </button>
      }
    >
      <WorkspaceContext context={context} onRefresh={onRefresh} />
      {use === undefined ? null : (
        <>
          <p className="mb-2 text-fg-2">
            What the agent keeps in mind: {use.used.toLocaleString()} of {use.limit.toLocaleString()} tokens.
          </p>
          <KeyValue
            items={[
              ['New input', use.input.toLocaleString()],
              ['Cached', use.cached.toLocaleString()],
              ['Answer', use.output.toLocaleString()],
            ]}
          />
        </>
      )}
    </Popover>
  )
}

/** What is wrong with what the agent knows of its workspace. */
function stateOf(context: Chat['context']): string | undefined {
  if (context?.dirty === true) return 'the workspace has changed'
  return context?.error ? 'the workspace could not be read' : undefined
}

function shareOf({ used, limit }: ContextUse): number {
  return Math.min(1, used / limit)
}

function Ring({ share }: { readonly share: number }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4">
      <circle cx="8" cy="8" r="6" fill="none" className="stroke-track" strokeWidth="2.5" />
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        className={share >= 0.9 ? 'stroke-warn' : 'stroke-accent-fg'}
        strokeWidth="2.5"
        strokeDasharray={`${share * circumference} ${circumference}`}
        transform="rotate(-90 8 8)"
      />
    </svg>
  )
}

/** That the agent knows the workspace as it was, with the way to tell it anew. */
function WorkspaceContext({ context, onRefresh }: Omit<ContextRingProps, 'use'>) {
  const [isBusy, setBusy] = useState(false)
  if (!context || (!context.dirty && !context.error)) return null
  return (
    <div className="mb-3 flex flex-col gap-2">
      {context.error ? (
        <Notice tone="bad">The workspace could not be read: {plainText(context.error, 300)}</Notice>
      ) : null}
      {context.dirty ? (
        <Notice tone="warn">
          Instructions, skills or MCP servers of the workspace have changed since the agent was told of them
          {context.dirty_since === undefined ? null : (
            <>
              {' '}
              <span className="whitespace-nowrap">
                (<RelativeTime value={context.dirty_since} />)
              </span>
            </>
          )}
          .
        </Notice>
      ) : null}
      {onRefresh === undefined ? null : (
        <Button
          className="self-start"
          icon={<RefreshCwIcon />}
          loading={isBusy}
          onClick={() => {
            setBusy(true)
            void onRefresh().finally(() => setBusy(false))
          }}
        >
          Refresh
        </Button>
      )}
    </div>
  )
}
