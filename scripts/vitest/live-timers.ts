type Callback = (...args: unknown[]) => void
type Start = (callback: Callback, delayMs?: number, ...args: unknown[]) => NodeJS.Timeout
type Clear = (timer?: NodeJS.Timeout | string | number) => void

/** Node's timer functions, as much of them as is watched. */
export interface TimerScope {
  setTimeout: Start
  setInterval: Start
  clearTimeout: Clear
  clearInterval: Clear
}

/** The timers that code under test has started. */
export interface TimerWatch {
  /** Where each timer was started that still keeps the process alive. */
  live(): string[]
  /** Puts the functions of the scope back. */
  end(): void
}

/** The first line of a stack that is neither this file nor Node's own. */
function callerOf(stack: string): string {
  const lines = stack.split('\n').slice(1)
  const caller = lines.find((line) => !line.includes('live-timers') && !line.includes('node:'))
  return caller?.trim().replace(/^at /, '') ?? 'an unknown place'
}

/**
 * Watches the timers made by the functions of a scope from now on. On the global scope that leaves out those of vitest,
 * which took its own copies of the functions before any setup file ran.
 */
export function watchTimers(scope: TimerScope): TimerWatch {
  const open = new Map<unknown, { timer: NodeJS.Timeout; started: Error }>()
  const { setTimeout, setInterval, clearTimeout, clearInterval } = scope
  const own = { setTimeout, setInterval, clearTimeout, clearInterval }

  const note = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    // Its stack is written out when somebody reads it, which takes longer than all else here.
    open.set(timer, { timer, started: new Error('started') })
    return timer
  }
  const watchedTimeout: Start = (callback, delayMs, ...args) => {
    const timer = setTimeout(
      (...given) => {
        open.delete(timer)
        callback(...given)
      },
      delayMs,
      ...args,
    )
    return note(timer)
  }
  const forget =
    (clear: Clear): Clear =>
    (timer) => {
      open.delete(timer)
      clear(timer)
    }

  // Object.assign keeps the symbol by which util.promisify knows setTimeout.
  scope.setTimeout = Object.assign(watchedTimeout, setTimeout)
  scope.setInterval = Object.assign<Start, Start>((...args) => note(setInterval(...args)), setInterval)
  scope.clearTimeout = forget(clearTimeout)
  scope.clearInterval = forget(clearInterval)
  return {
    live: () =>
      [...open.values()]
        .filter(({ timer }) => timer.hasRef())
        .map(({ started }) => callerOf(started.stack ?? '')),
    end: () => Object.assign(scope, own),
  }
}
