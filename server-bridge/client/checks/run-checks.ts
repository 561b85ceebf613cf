/** Checks the way to a deployment, one step after the other, as a person who helps would. */
import type { Check, CheckId } from '../../contract/connection-checks.ts'
import { connectionError } from '../connection-failure.ts'
import type { CheckContext, CheckStep, Outcome } from './check-context.ts'
import { dnsCheck, outcomeOfError, tcpCheck, tlsCheck } from './reach-checks.ts'
import { clockCheck, healthCheck, httpCheck, tokenCheck, websocketCheck } from './service-checks.ts'

export interface ChecksInput extends Pick<
  CheckContext,
  'token' | 'route' | 'userAgent' | 'clock' | 'signal'
> {
  readonly url: string
  /** Told with all checks so far, whenever one begins or ends. */
  readonly onChange: (checks: readonly Check[]) => void
}

const steps: readonly CheckStep[] = [
  dnsCheck,
  tcpCheck,
  tlsCheck,
  httpCheck,
  clockCheck,
  tokenCheck,
  websocketCheck,
  healthCheck,
]
/** A deployment that checks itself takes its time. */
const stepMs = 20_000

/** Resolves when all were tried. @throws what the signal was aborted with. */
export async function runChecks({ url: address, onChange, signal, ...rest }: ChecksInput): Promise<void> {
  const url = new URL(address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const found: CheckContext['found'] = {}
  const checks: Check[] = []
  /** Failed, or not tried because of one that failed. */
  const broken = new Set<CheckId>()
  for (const step of steps) {
    signal.throwIfAborted()
    const cause = step.needs.find((id) => broken.has(id))
    if (cause !== undefined) {
      broken.add(step.id)
      checks.push(checkOf(step.id, null, { status: 'skipped', found: `Not tried, since ${causes[cause]}.` }))
      onChange([...checks])
      continue
    }
    onChange([...checks, { id: step.id, status: 'running', ms: null, found: '', advice: null }])
    const startedAt = performance.now()
    const outcome = await withinTime(step, { ...rest, url, host, port, found, signal })
    signal.throwIfAborted()
    if (outcome.status === 'failed') broken.add(step.id)
    const ms = outcome.status === 'skipped' ? null : performance.now() - startedAt
    checks.push(checkOf(step.id, ms, outcome))
    onChange([...checks])
  }
}

const causes: Record<CheckId, string> = {
  dns: 'the name was not found',
  tcp: 'no connection could be made',
  tls: 'the certificate is not trusted',
  http: 'what answers is no Coder deployment',
  clock: 'the clocks differ',
  token: 'the token is not accepted',
  websocket: 'WebSockets do not get through',
  health: 'the deployment is not well',
}

function checkOf(id: CheckId, ms: number | null, { status, found, advice }: Outcome): Check {
  return { id, status, ms, found, advice: advice ?? null }
}

async function withinTime(step: CheckStep, context: CheckContext): Promise<Outcome> {
  const late = new AbortController()
  const stop = context.clock.after(stepMs, () => {
    late.abort(connectionError('timeout', context.host))
  })
  const signal = AbortSignal.any([context.signal, late.signal])
  try {
    return await Promise.race([step.run({ ...context, signal }), aborted(signal)])
  } catch (thrown) {
    return outcomeOfError(signal.aborted ? signal.reason : thrown, context.host)
  } finally {
    stop()
  }
}

/** A look-up of a name cannot be stopped, only left. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}
