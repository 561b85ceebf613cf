/** What a failed load of a preview means to its reader. */
type LoadFailure = 'no_answer' | 'timed_out' | 'certificate' | 'failed'

/** Chromium's numbers, from `net_error_list.h`. */
const aborted = -3
const timeouts = new Set([-7, -118])
/** Refused, reset, closed, empty, no such name, no network, unreachable, and the like on the way to a server. */
const unanswered = new Set([-21, -100, -101, -102, -103, -104, -105, -106, -108, -109, -137, -324])

/** `undefined`: nothing failed; the load was given up for another one. */
export function failureOfLoad(errorCode: number): LoadFailure | undefined {
  if (errorCode === aborted || errorCode === 0) return undefined
  if (timeouts.has(errorCode)) return 'timed_out'
  if (unanswered.has(errorCode)) return 'no_answer'
  // The range of certificates and of those a client would have to show.
  if ((errorCode <= -200 && errorCode > -300) || errorCode === -110) return 'certificate'
  return 'failed'
}

/** The proxy in front of the app answers in its place where nothing listens behind it. */
export function failureOfStatus(status: number): LoadFailure | undefined {
  if (status === 502) return 'no_answer'
  return status === 504 ? 'timed_out' : undefined
}
