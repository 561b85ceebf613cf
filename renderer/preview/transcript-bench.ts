import type { ChatUpdate } from '#ipc/chats'
import {
  applyUpdate,
  emptyTranscript,
  type TranscriptState,
} from '../features/chats/transcript/transcript-state.ts'
import { longChat } from './transcript-samples.ts'

const words =
  'The retry stops after **five** attempts, `lastErr` is kept.\n\n- one more item\n\n```go\nfor attempt := 0; ; {\n```\n\n'

/** The piece of text that comes as a token. */
export function tokenAt(index: number): ChatUpdate {
  const from = (index * 4) % words.length
  const part = { type: 'text', text: words.slice(from, from + 4) }
  return {
    kind: 'events',
    events: [
      {
        type: 'message_part',
        chat_id: 'c',
        message_part: { part, seq: index + 1, history_version: 1, generation_attempt: 1 },
      },
    ],
  }
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
