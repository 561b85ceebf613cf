import { setTimeout as pause } from 'node:timers/promises'

const POLL_MS = 15

/** Asks again and again until the answer is not `undefined`; for state that has no event. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 45_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}.`)
    await pause(POLL_MS)
  }
}
