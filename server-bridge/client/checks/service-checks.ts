/** Whether what answers is a Coder deployment that works for this user. */
import type { z } from 'zod'
import { buildInfoResponseSchema } from '../../contract/build-info.ts'
import { connectionText } from '../../contract/connection-events.ts'
import { healthcheckReportSchema, type HealthcheckReport } from '../../contract/debug.ts'
import { userSchema } from '../../contract/users.ts'
import { redirectError } from '../connection-failure.ts'
import { failedAs, type CheckStep, type Outcome } from './check-context.ts'
import { ask, type PlainAnswer } from './plain-request.ts'

export const httpCheck: CheckStep = {
  id: 'http',
  needs: ['tcp', 'tls'],
  async run(context) {
    const { host, url, clock, found } = context
    const askedAt = clock.now()
    const answer = await ask(context, '/api/v2/buildinfo')
    const now = clock.now()
    found.skewMs = skewOf(answer, (askedAt + now) / 2)
    const { location } = answer.headers
    if (answer.status >= 300 && answer.status < 400) {
      const target =
        location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined
      return failedAs(connectionText(redirectError(host, target).message))
    }
    const info = parse(buildInfoResponseSchema, answer.body)
    if (answer.status === 200 && info !== undefined) {
      return { status: 'ok', found: `Coder ${connectionText(info.version)} answers.` }
    }
    return {
      status: 'failed',
      found: `${host} answers with status ${String(answer.status)}, and not as a Coder deployment.`,
      advice: 'Check the address. A proxy or a sign-in page may stand in between.',
    }
  },
}

/** Certificates and one-time codes begin to fail around here. */
const skewMs = 60_000

export const clockCheck: CheckStep = {
  id: 'clock',
  needs: ['http'],
  run({ found }) {
    return Promise.resolve(clockOutcome(found.skewMs ?? null))
  },
}

function clockOutcome(skew: number | null): Outcome {
  if (skew === null) return { status: 'skipped', found: 'The deployment does not tell its time.' }
  const size = Math.abs(skew)
  if (size < skewMs) return { status: 'ok', found: 'Its clock and the one of this computer agree.' }
  const minutes = Math.round(size / 60_000)
  const words = minutes < 120 ? `${String(minutes)} min` : `${String(Math.round(minutes / 60))} h`
  return {
    status: 'warning',
    found: `The clock of this computer is ${words} ${skew > 0 ? 'behind' : 'ahead of'} the deployment’s.`,
    advice: 'Set the clock by the network: certificates and sign-ins depend on it.',
  }
}

export const tokenCheck: CheckStep = {
  id: 'token',
  needs: ['http'],
  async run(context) {
    const signIn = 'Sign in again.'
    if (context.token === undefined) {
      return { status: 'failed', found: 'You are signed out of this deployment.', advice: signIn }
    }
    const { status, body } = await ask(context, '/api/v2/users/me', { withToken: true })
    if (status === 401) {
      return { status: 'failed', found: 'The deployment refused your token.', advice: signIn }
    }
    const user = parse(userSchema, body)
    if (status === 200 && user !== undefined) {
      return { status: 'ok', found: `Accepted: you are ${connectionText(user.username)}.` }
    }
    return {
      status: 'failed',
      found: `The deployment answers with status ${String(status)} when asked who you are.`,
      advice: 'A proxy may stand in between. Ask whoever runs the deployment.',
    }
  },
}

export const websocketCheck: CheckStep = {
  id: 'websocket',
  needs: ['token'],
  async run(context) {
    // Every signed-in user may open this one (stable-api, section 16).
    const { status, isUpgraded } = await ask(context, '/api/v2/derp-map', { withToken: true, upgrade: true })
    if (isUpgraded) return { status: 'ok', found: 'WebSockets get through.' }
    if (status === 404) return { status: 'skipped', found: 'The deployment has no socket to try it with.' }
    return {
      status: 'failed',
      found: `A WebSocket was answered with status ${String(status)}.`,
      advice:
        'Terminals and live lists need WebSockets. A proxy or load balancer on the way has to let upgrades pass.',
    }
  },
}

export const healthCheck: CheckStep = {
  id: 'health',
  needs: ['token'],
  async run(context) {
    const { status, body } = await ask(context, '/api/v2/debug/health', { withToken: true })
    if (status === 403 || status === 404) {
      return { status: 'skipped', found: 'Only owners of a deployment may read how it says it is.' }
    }
    const report = status === 200 ? parse(healthcheckReportSchema, body) : undefined
    if (report !== undefined) return healthOutcome(report)
    return {
      status: 'warning',
      found: `The deployment could not tell how it is (status ${String(status)}).`,
      advice: 'Try again in a few minutes: it may still be checking itself.',
    }
  },
}

function healthOutcome(report: HealthcheckReport): Outcome {
  const sections = [
    ['relays', report.derp],
    ['access URL', report.access_url],
    ['WebSocket', report.websocket],
    ['database', report.database],
    ['workspace proxies', report.workspace_proxy],
    ['provisioners', report.provisioner_daemons],
  ] as const
  const ill = sections.filter(([, { severity, dismissed }]) => severity !== 'ok' && !dismissed)
  if (ill.length === 0) return { status: 'ok', found: 'The deployment says that it is well.' }
  const said = ill.flatMap(([, { error, warnings }]) => [
    ...(error === undefined ? [] : [error]),
    ...warnings.map(({ message }) => message),
  ])[0]
  return {
    status: 'warning',
    found: `The deployment says that something is wrong with: ${ill.map(([name]) => name).join(', ')}.`,
    advice: said === undefined ? 'Its health page has the details.' : connectionText(said),
  }
}

/** Milliseconds the deployment's clock is ahead; its header has whole seconds. */
function skewOf({ headers }: PlainAnswer, now: number): number | null {
  const told = Date.parse(headers.date ?? '')
  return Number.isNaN(told) ? null : told + 500 - now
}

function parse<T>(schema: z.ZodType<T>, body: string): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(body))
    return parsed.success ? parsed.data : undefined
  } catch {
    // A web page in place of an answer.
    return undefined
  }
}
