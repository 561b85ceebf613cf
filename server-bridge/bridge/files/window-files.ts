/** What one window asks of files: parsed, answered, cancelled, with as many events on their way as it takes. */
import {
  filesEventCredit,
  windowToFilesSchema,
  type FilesEvent,
  type FilesRequest,
  type FilesToWindow,
  type WindowToFiles,
} from '../../contract/remote-files.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import { answerRequest } from './answer-request.ts'
import { failureOf, FilesFailure, wireError } from './files-failure.ts'
import { cancelled } from './place-connection.ts'
import { placeKey, type Places } from './places.ts'

/** Of one window at a time; more wait in nobody's memory. */
const maxRequests = 64

interface Running {
  readonly abort: AbortController
  acknowledge(events: number): void
}

export interface WindowFiles {
  /** Takes a message that begins with `files-`. */
  take(raw: unknown): void
  close(): void
}

export function createWindowFiles(input: {
  readonly post: (message: FilesToWindow) => void
  readonly places: Places
  readonly clock: Clock
  readonly logger: Logger
}): WindowFiles {
  const { post, places, clock, logger } = input
  const running = new Map<string, Running>()
  /** Places this window asked about. */
  const known = new Set<string>()
  const stopStates = places.onState((place, state) => {
    if (known.has(placeKey(place))) post({ type: 'files-place', place, state })
  })

  const start = async (message: Extract<WindowToFiles, { type: 'files-request' }>): Promise<void> => {
    const { requestId, place, request } = message
    const abort = new AbortController()
    const credit = createCredit(abort.signal)
    running.set(requestId, { abort, acknowledge: credit.add })
    const send = async (event: FilesEvent): Promise<void> => {
      await credit.take()
      post({ type: 'files-event', requestId, event })
    }
    try {
      const connection = places.at(place)
      if (!known.has(placeKey(place))) {
        known.add(placeKey(place))
        post({ type: 'files-place', place, state: connection.state })
      }
      const { session, release } = await connection.acquire(abort.signal)
      try {
        const localTime = (): string => localTimeText(new Date(clock.now()))
        const context = { session, signal: abort.signal, send, localTime }
        const value = await answerRequest(request, context)
        post({ type: 'files-answer', requestId, result: { ok: true, value } })
      } finally {
        release()
      }
    } catch (thrown) {
      const failure = abort.signal.aborted ? cancelled() : failureOf(thrown, pathOf(request))
      if (!(thrown instanceof FilesFailure) && failure.code === 'failed') {
        logger.warn('A request for files failed', { op: request.op, error: toError(thrown).name })
      }
      post({ type: 'files-answer', requestId, result: { ok: false, error: wireError(failure) } })
    } finally {
      running.delete(requestId)
    }
  }

  const begin = (message: Extract<WindowToFiles, { type: 'files-request' }>): void => {
    const { requestId } = message
    if (running.has(requestId)) return
    if (running.size < maxRequests) {
      void start(message)
      return
    }
    const error = { code: 'too_many_requests', message: 'Too much is asked for at once. Try again.' } as const
    post({ type: 'files-answer', requestId, result: { ok: false, error } })
  }

  return {
    take(raw) {
      const parsed = windowToFilesSchema.safeParse(raw)
      if (!parsed.success) {
        // Where it does not fit, never what it held: it may be a password or somebody's text.
        logger.warn('A window sent a message about files that does not fit', {
          at: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).slice(0, 5),
        })
        refuseUnfit(raw, post)
        return
      }
      const message = parsed.data
      switch (message.type) {
        case 'files-request':
          begin(message)
          return
        case 'files-cancel':
          running.get(message.requestId)?.abort.abort()
          return
        case 'files-ack':
          running.get(message.requestId)?.acknowledge(message.events)
          return
        case 'files-retry-now':
          retry(places, message)
      }
    },
    close() {
      stopStates()
      for (const { abort } of running.values()) abort.abort()
    },
  }
}

function retry(places: Places, { place }: Extract<WindowToFiles, { type: 'files-retry-now' }>): void {
  try {
    places.at(place).retryNow()
  } catch (thrown) {
    // Nobody is signed in: there is nothing to try.
    if (!(thrown instanceof FilesFailure)) throw thrown
  }
}

/** A request that does not fit is answered as well: a window must not wait for ever, e.g. for a name it may not use. */
function refuseUnfit(raw: unknown, post: (message: FilesToWindow) => void): void {
  if (typeof raw !== 'object' || raw === null || !('requestId' in raw)) return
  const { requestId } = raw
  if (typeof requestId !== 'string' || !('type' in raw) || raw.type !== 'files-request') return
  const message =
    'That name or text cannot be used. Names have no “/”, are not “.” or “..”, and not too long.'
  post({
    type: 'files-answer',
    requestId,
    result: { ok: false, error: { code: 'name_not_usable', message } },
  })
}

function pathOf(request: FilesRequest): string {
  if ('path' in request) return request.path
  if ('from' in request) return request.from
  if ('folder' in request) return request.folder
  return 'name' in request ? request.name : '/'
}

/** Lets so many through, and one more for each that is acknowledged. */
function createCredit(signal: AbortSignal): { take(): Promise<void>; add(events: number): void } {
  let left = filesEventCredit
  let wake: (() => void) | undefined
  signal.addEventListener('abort', () => wake?.(), { once: true })
  return {
    async take() {
      while (left <= 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      if (signal.aborted) throw cancelled()
      left -= 1
    },
    add(events) {
      // Never more than at the start, whatever a window says.
      left = Math.min(left + events, filesEventCredit)
      wake?.()
    },
  }
}

function localTimeText(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
