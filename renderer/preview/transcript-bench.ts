import type { ChatMessage } from '#bridge/contract/chats-messages'
import type { ChatUpdate } from '#ipc/chats'
import {
  applyUpdate,
  emptyTranscript,
  type TranscriptState,
} from '../features/chats/transcript/transcript-state.ts'
import { longChat } from './transcript-samples.ts'

const words =
  'The retry stops after **five** attempts, `lastErr` is kept.\n\n- one more item\n\n```go\nfor attempt := 0; ; {\n```\n\n'

const textAt = (index: number): string => {
  const from = (index * 4) % words.length
  return words.slice(from, from + 4)
}

/** The piece of text that comes as a token of a turn, counted from 0. */
export function tokenAt(index: number, turn = 1): ChatUpdate {
  const part = { type: 'text', text: textAt(index) }
  return {
    kind: 'events',
    events: [
      {
        type: 'message_part',
        chat_id: 'c',
        message_part: { part, seq: index + 1, history_version: turn, generation_attempt: 1 },
      },
    ],
  }
}

/** As long as an answer of a talkative model is. */
export const tokensOfTurn = 2000

/** What comes when a turn is over: its answer, saved. */
export function turnSaved(turn: number): ChatUpdate {
  const text = Array.from({ length: tokensOfTurn }, (_, index) => textAt(index)).join('')
  const message: ChatMessage = {
    ...{ id: 1_000_000 + turn, chat_id: 'c', created_at: '2026-11-27T09:00:00Z', role: 'assistant' },
    content: [{ type: 'text', text }],
  }
  return { kind: 'events', events: [{ type: 'message', chat_id: 'c', message }] }
}

/** The state after so many tokens more, from one on: the answers of turn after turn. */
export function afterTokens(
  state: TranscriptState,
  { from, to }: { readonly from: number; readonly to: number },
): TranscriptState {
  let next = state
  for (let index = from; index < to; index += 1) {
    const turn = 1 + Math.floor(index / tokensOfTurn)
    next = applyUpdate(next, tokenAt(index % tokensOfTurn, turn))
    if ((index + 1) % tokensOfTurn === 0) next = applyUpdate(next, turnSaved(turn))
  }
  return next
}

export function openedWith(count: number): TranscriptState {
  return applyUpdate(
    applyUpdate(emptyTranscript, { kind: 'opened', messages: longChat(count), hasMore: false, queue: [] }),
    {
      kind: 'events',
      events: [{ type: 'status', chat_id: 'c', status: { status: 'running' } }],
    },
  )
}

/** Microseconds that a token costs in the state, after so many messages. */
export function costOfToken(count: number): number {
  let state = openedWith(count)
  const tokens = 20_000
  const began = performance.now()
  for (let index = 0; index < tokens; index += 1) state = applyUpdate(state, tokenAt(index))
  return ((performance.now() - began) / tokens) * 1000
}

export interface FrameFigures {
  readonly frames: number
  readonly longest: number
  readonly p99: number
  readonly median: number
}

/** Follows the gaps between frames until it is told to stop. */
export function watchFrames(): () => FrameFigures {
  const gaps: number[] = []
  let last = performance.now()
  let isOn = true
  const tick = (): void => {
    const now = performance.now()
    gaps.push(now - last)
    last = now
    if (isOn) requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
  return () => {
    isOn = false
    const sorted = gaps.slice(2).sort((a, b) => a - b)
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
    return { frames: sorted.length, longest: at(1), p99: at(0.99), median: at(0.5) }
  }
}
