import type { CheckId } from '../../contract/connection-checks.ts'
import type { Clock } from '../../lib/clock.ts'
import type { CheckRoute } from './check-route.ts'

/** What every check is given. */
export interface CheckContext {
  readonly url: URL
  readonly host: string
  readonly port: number
  /** `undefined`: signed out. Empty where a client certificate is what signs in. */
  readonly token: string | undefined
  readonly route: CheckRoute
  readonly userAgent: string
  readonly clock: Clock
  /** Aborted when the time of the check is over as well. */
  readonly signal: AbortSignal
  /** What one check leaves for the later ones. */
  readonly found: {
    /** What the deployment's `Date` header differs from the clock here, in milliseconds; `null` without one. */
    skewMs?: number | null
  }
}

export interface Outcome {
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly found: string
  readonly advice?: string
}

export interface CheckStep {
  readonly id: CheckId
  /** Makes no sense when one of these failed or was not tried for that. */
  readonly needs: readonly CheckId[]
  run(context: CheckContext): Promise<Outcome>
}

/** An outcome of a sentence that also says what to do, as the errors of the client do. */
export function failedAs(message: string): Outcome {
  const end = message.indexOf('. ')
  if (end === -1) return { status: 'failed', found: message }
  return { status: 'failed', found: message.slice(0, end + 1), advice: message.slice(end + 2) }
}
