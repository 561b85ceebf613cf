/** What a colour means. Never alone: a word or a shape stands beside it. */
export type Tone = 'neutral' | 'accent' | 'ok' | 'busy' | 'warn' | 'bad' | 'gone'

/** Soft fill and readable text of each tone. */
export const toneSoft: Record<Tone, string> = {
  neutral: 'bg-idle-bg text-fg-2',
  accent: 'bg-accent-soft text-accent-fg',
  ok: 'bg-ok-bg text-ok-fg',
  busy: 'bg-busy-bg text-busy-fg',
  warn: 'bg-warn-bg text-warn-fg',
  bad: 'bg-bad-bg text-bad-fg',
  gone: 'bg-gone-bg text-gone-fg',
}
