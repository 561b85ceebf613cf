export interface FirstAbort {
  readonly signal: AbortSignal
  /** Rejects with the reason of the first that aborts. */
  readonly aborted: Promise<never>
  end(): void
}

/**
 * Aborts with the first of these. `AbortSignal.any` and what listens to it inside of `fetch` may be collected as garbage
 * while an answer is still read, and then nobody hears the abort: so whoever waits for an answer waits for `aborted` too.
 */
export function firstAbort(signals: readonly AbortSignal[]): FirstAbort {
  const controller = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error))
  })
  // It may come when nobody waits any more.
  aborted.catch(() => undefined)
  const follow = ({ target }: Event): void => controller.abort((target as AbortSignal).reason)
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason)
    else signal.addEventListener('abort', follow)
  }
  return {
    signal: controller.signal,
    aborted,
    end() {
      for (const signal of signals) signal.removeEventListener('abort', follow)
    },
  }
}
