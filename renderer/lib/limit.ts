/** Runs work, at most so many at once; what is more waits in order. */
export function createLimit(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // The place goes to who waits longest.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
