import type { ChatMessage } from '#bridge/contract/chats-messages'
import { Popover } from '../../ui/popover.tsx'
import { KeyValue } from '../../ui/key-value.tsx'

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

/** The share of the model's window in use, with its parts on demand. */
export function ContextRing({ use }: { readonly use: ContextUse }) {
  const share = Math.min(1, use.used / use.limit)
  const percent = Math.round(share * 100)
  return (
    <Popover
      align="end"
      title="Context"
      trigger={
        <button
          type="button"
          aria-label={`Context: ${percent} % used`}
          className="flex h-7 items-center gap-1.5 rounded-md px-1.5 text-sm text-fg-3 hover:bg-hover hover:text-fg"
        >
          <span className="num @max-lg:sr-only">{percent} %</span>
          <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 flex-none">
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
        </button>
      }
    >
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
    </Popover>
  )
}
