/**
 * What connections did, for people: bounded, in memory, and folded so that one that comes and goes does not flood it.
 * Reasons are kept as they were told, since half of a secret that was recognised hides the other half from who knows it:
 * secrets are taken out on each way out.
 */
import type { ConnectionEvent, ConnectionLog } from '#bridge/contract/connection-events'
import { connectionText } from '#bridge/contract/connection-events'
import type { Clock } from '#bridge/lib/clock'
import type { TimelineEntry } from '#ipc/diagnostics'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'

export interface Timeline {
  /** Newest first. */
  readonly entries: readonly TimelineEntry[]
  /** Ids of the entries that say how their connection is now. */
  readonly current: readonly number[]
}

export interface ConnectionTimeline extends ConnectionLog {
  /** Changes at most every {@link tellMs}. */
  readonly value: LiveValue<Timeline>
  /** What of a deployment was told, e.g. since it left the app. */
  forget(deploymentId: string): void
  close(): void
}

const maxEntries = 400
/** Of one connection, so that a talkative one does not push out the others. */
const maxEntriesEach = 40
/** A state that comes back within this time is the same entry, told once more. */
const foldMs = 120_000
const tellMs = 250

/** The same connection. */
const keyOf = ({ what, deploymentId, connectionId }: ConnectionEvent): string =>
  JSON.stringify([what, deploymentId, connectionId])

/** The same state, whenever the next try is. */
function sameState(one: ConnectionEvent['state'], other: ConnectionEvent['state']): boolean {
  if (one.kind !== other.kind) return false
  const reasonOf = (state: ConnectionEvent['state']) => ('reason' in state ? state.reason : '')
  return reasonOf(one) === reasonOf(other)
}

export function createConnectionTimeline(clock: Clock): ConnectionTimeline {
  /** Oldest first. */
  let entries: TimelineEntry[] = []
  const last = new Map<string, ConnectionEvent>()
  const shown = new Map<string, number>()
  let lastId = 0
  let cancelTelling: (() => void) | undefined
  const value = createLiveValue<Timeline>({ entries: [], current: [] })

  const tell = (): void => {
    cancelTelling ??= clock.after(tellMs, () => {
      cancelTelling = undefined
      const known = new Set(entries.map(({ id }) => id))
      value.set({
        entries: entries.toReversed(),
        current: [...shown.values()].filter((id) => known.has(id)),
      })
    })
  }

  const add = (event: ConnectionEvent): void => {
    const key = keyOf(event)
    const own = entries.filter((entry) => keyOf(entry.event) === key)
    const folded = own.findLast(
      (entry) => event.at - entry.event.at <= foldMs && sameState(entry.event.state, event.state),
    )
    const entry: TimelineEntry =
      folded === undefined
        ? { id: (lastId += 1), event, since: event.at, times: 1 }
        : { ...folded, event, times: folded.times + 1 }
    const dropped = own.length >= maxEntriesEach ? own[0] : undefined
    entries = [...entries.filter((one) => one.id !== entry.id && one !== dropped), entry].slice(-maxEntries)
    shown.set(key, entry.id)
  }

  return {
    value,
    report(told) {
      const event = clean(told)
      const key = keyOf(event)
      const before = last.get(key)
      last.set(key, event)
      // Another try at what is waited for is no news; that it is tried again is said by the time of the next one.
      if (event.state.kind === 'connecting' && before?.state.kind === 'waiting') return
      add(event)
      tell()
    },
    forget(deploymentId) {
      entries = entries.filter(({ event }) => event.deploymentId !== deploymentId)
      for (const [key, event] of last) {
        if (event.deploymentId !== deploymentId) continue
        last.delete(key)
        shown.delete(key)
      }
      tell()
    },
    close() {
      cancelTelling?.()
    },
  }
}

/** Reasons come from servers, and names from people: nothing unseen, nothing long. */
function clean(event: ConnectionEvent): ConnectionEvent {
  return withTexts(event, connectionText)
}

/** The same event with its free texts changed. */
export function withTexts(event: ConnectionEvent, change: (text: string) => string): ConnectionEvent {
  const { state } = event
  return {
    ...event,
    name: change(event.name),
    state: 'reason' in state ? { ...state, reason: change(state.reason) } : state,
  }
}
