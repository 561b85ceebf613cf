/** What a process holds on to. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What is open, by name, and bytes of live objects. */
export interface Held {
  readonly handles: Readonly<Record<string, number>>
  readonly bytes: number
}

/** Bytes of live objects, garbage collected first. */
export function liveBytes(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** TCP sockets of this process, those that listen among them. */
export const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
