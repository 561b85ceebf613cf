import { useState } from 'react'
import { cutText, showUnseen } from './hostile-text.ts'
import { messageText } from './transcript-rows.ts'
import type { TranscriptState } from './transcript-state.ts'

const maxCharacters = 600

/** The words for a screen reader: an answer once it is finished, not while it is written, and none that was there before. */
export function useAnnouncement({ phase, messages }: Pick<TranscriptState, 'phase' | 'messages'>): string {
  const last = messages.at(-1)
  const [heard, setHeard] = useState<{ readonly id: number | undefined; readonly words: string }>()
  if (phase === 'open' && (heard === undefined || (last !== undefined && last.id > (heard.id ?? 0)))) {
    const isAnswer = heard !== undefined && last?.role === 'assistant'
    const words = isAnswer ? showUnseen(cutText(messageText(last).trim(), maxCharacters)) : ''
    setHeard({ id: last?.id, words: words === '' ? (heard?.words ?? '') : words })
  }
  return heard?.words ?? ''
}
