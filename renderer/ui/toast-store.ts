import { create } from 'zustand'
import type { NoticeTone } from './notice.tsx'

/** What to tell. A toast is for news that needs no decision; an error that blocks a page belongs on the page. */
export interface ToastInput {
  readonly title: string
  readonly tone?: NoticeTone | undefined
  readonly detail?: string | undefined
  readonly action?: { readonly label: string; readonly onSelect: () => void } | undefined
  /** 0 to 1, for something that goes on. A toast with progress stays until it is changed or dismissed. */
  readonly progress?: number | undefined
  /** Replaces the toast with the same key instead of adding one. */
  readonly key?: string | undefined
  /** How long it stays; `null` is until dismissed. */
  readonly durationMs?: number | null | undefined
}

/** A toast on screen. */
export interface Toast extends ToastInput {
  readonly key: string
  readonly durationMs: number | null
  /** Grows with each change, so that the timer starts anew. */
  readonly revision: number
}

interface ToastState {
  readonly toasts: readonly Toast[]
}

const shownAtMost = 4
let counter = 0

/** The toasts on screen, oldest first. */
export const useToasts = create<ToastState>(() => ({ toasts: [] }))

/** Shows a toast and answers its key. */
export function toast(input: ToastInput): string {
  counter += 1
  const key = input.key ?? `toast-${counter}`
  useToasts.setState(({ toasts }) => {
    const before = toasts.find((other) => other.key === key)
    const next: Toast = {
      ...input,
      key,
      durationMs: input.durationMs === undefined ? defaultDuration(input) : input.durationMs,
      revision: (before?.revision ?? 0) + 1,
    }
    if (before) return { toasts: toasts.map((other) => (other.key === key ? next : other)) }
    return { toasts: [...toasts, next].slice(-shownAtMost) }
  })
  return key
}

/** Takes a toast away. */
export function dismissToast(key: string): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((other) => other.key !== key) }))
}

/** Longer when there is more to read or something to press (WCAG 2.2.1); hover and focus stop the clock. */
function defaultDuration(input: ToastInput): number | null {
  if (input.progress !== undefined) return null
  if (input.action !== undefined || input.tone === 'bad') return 10_000
  return 5000
}
