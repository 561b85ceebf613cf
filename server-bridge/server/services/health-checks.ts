import { WebSocket } from 'ws'
import type {
  accessUrlReportSchema,
  databaseReportSchema,
  HealthMessage,
  HealthSeverity,
  websocketReportSchema,
} from '../../contract/debug.ts'
import type { z } from 'zod'
import type { Database } from '../db/database.ts'

type AccessUrlReport = z.output<typeof accessUrlReportSchema>
type WebsocketReport = z.output<typeof websocketReportSchema>
type DatabaseReport = z.output<typeof databaseReportSchema>

const PROBES = 5
/** Coder's threshold of a slow database. */
const DATABASE_THRESHOLD_MS = 15
const ECHO = 'health check'

/** The part of every report that says how well the section is. */
export function verdict(
  error: string | undefined,
  warnings: readonly HealthMessage[] = [],
): {
  readonly error?: string
  readonly healthy: boolean
  readonly severity: HealthSeverity
  readonly warnings: HealthMessage[]
  readonly dismissed: boolean
} {
  const severity = error === undefined ? (warnings.length > 0 ? 'warning' : 'ok') : 'error'
  return {
    ...(error === undefined ? {} : { error }),
    healthy: error === undefined,
    severity,
    warnings: [...warnings],
    dismissed: false,
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Writes and reads back a row a few times; the middle time counts. */
export function checkDatabase(db: Database): DatabaseReport {
  const times: number[] = []
  const probe = (round: number): void => {
    const startedAt = performance.now()
    const value = String(round)
    db.run(
      db.sql
        .insertInto('deployment_settings')
        .values({ key: 'health_probe', value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
    )
    const read = db.first(
      db.sql.selectFrom('deployment_settings').select('value').where('key', '=', 'health_probe'),
    )
    if (read?.value !== value) throw new Error('The database did not give back what was written.')
    times.push(performance.now() - startedAt)
  }
  let error: string | undefined
  try {
    for (let round = 0; round < PROBES; round += 1) probe(round)
  } catch (thrown) {
    error = `EDB01: ${reasonOf(thrown)}`
  }
  const latency = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
  const isSlow = error === undefined && latency > DATABASE_THRESHOLD_MS
  const warnings = isSlow
    ? [{ code: 'EDB02', message: `The database takes longer than ${DATABASE_THRESHOLD_MS} ms to answer.` }]
    : []
  return {
    ...verdict(error, warnings),
    reachable: error === undefined,
    latency: `${latency.toFixed(3)}ms`,
    latency_ms: Math.round(latency),
    threshold_ms: DATABASE_THRESHOLD_MS,
  }
}

/** Asks the server for a sign of life at the address it tells its clients. */
export async function checkAccessUrl(accessUrl: string, signal: AbortSignal): Promise<AccessUrlReport> {
  try {
    const response = await fetch(`${accessUrl}/healthz`, { signal, redirect: 'error' })
    const text = (await response.text()).slice(0, 200)
    const error =
      response.status === 200 && text === 'OK'
        ? undefined
        : `EACS03: /healthz answered ${response.status} instead of OK.`
    return {
      ...verdict(error),
      access_url: accessUrl,
      reachable: true,
      status_code: response.status,
      healthz_response: text,
    }
  } catch (error) {
    if (signal.aborted) throw error
    return {
      ...verdict(`EACS02: ${reasonOf(error)}`),
      access_url: accessUrl,
      reachable: false,
      status_code: 0,
      healthz_response: '',
    }
  }
}

/** Opens the echo socket with the caller's own credential and waits for the echo. */
export function checkWebsocket(
  accessUrl: string,
  token: string,
  signal: AbortSignal,
): Promise<WebsocketReport> {
  return new Promise((resolve, reject) => {
    const url = `${accessUrl.replace(/^http/, 'ws')}/api/v2/debug/ws`
    const socket = new WebSocket(url, { headers: { 'coder-session-token': token } })
    const onAbort = (): void => {
      socket.terminate()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const finish = (error: string | undefined, code: number, body: string): void => {
      signal.removeEventListener('abort', onAbort)
      socket.terminate()
      resolve({ ...verdict(error), code, body })
    }
    socket.on('open', () => socket.send(ECHO))
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8')
      finish(text === ECHO ? undefined : 'EWS02: The echo differs from what was sent.', 101, '')
    })
    socket.on('unexpected-response', (_, response) => {
      response.resume()
      finish(`EWS01: The server answered ${response.statusCode ?? 0}.`, response.statusCode ?? 0, '')
    })
    socket.on('error', (error) => finish(`EWS01: ${error.message}`, 0, ''))
  })
}
