import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { AgentManifest } from '../contract/agent-link.ts'
import type { Clock } from '../lib/clock.ts'
import type { EventOutbox } from './event-outbox.ts'

type HealthCheck = AgentManifest['health_checks'][number]

/** Whether an app answered in time, and with anything but an error of the server. */
export type ProbeApp = (url: string, timeoutMs: number) => Promise<boolean>

export interface AppHealthOptions {
  readonly clock: Clock
  readonly outbox: Pick<EventOutbox, 'setState'>
  readonly probe: ProbeApp
}

/** Asks the apps of a workspace how they are, and tells when that changes. */
export class AppHealth {
  readonly #options: AppHealthOptions
  #cancels: (() => void)[] = []

  constructor(options: AppHealthOptions) {
    this.#options = options
  }

  /** Starts over with these checks; the first answer comes after one interval, as with Coder. */
  start(checks: readonly HealthCheck[]): void {
    this.stop()
    for (const check of checks) this.#cancels.push(this.#watch(check))
  }

  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel()
  }

  #watch(check: HealthCheck): () => void {
    const { clock, probe } = this.#options
    const intervalMs = check.interval_seconds * 1000
    let failures = 0
    let isAsking = false
    let ended = false
    let told: 'healthy' | 'unhealthy' | undefined
    const judge = (isWell: boolean): void => {
      if (ended) return
      failures = isWell ? 0 : failures + 1
      if (!isWell && failures < check.threshold) return
      const health = isWell ? 'healthy' : 'unhealthy'
      if (health === told) return
      told = health
      const { app_id } = check
      this.#options.outbox.setState(`app-health ${app_id}`, { type: 'app-health', app_id, health })
    }
    const cancel = clock.every(intervalMs, () => {
      // One that hangs is asked once at a time: its own time limit is the interval.
      if (isAsking) return
      isAsking = true
      void probe(check.url, intervalMs).then((isWell) => {
        isAsking = false
        judge(isWell)
      })
    })
    return () => {
      ended = true
      cancel()
    }
  }
}

/** Asks by HTTP. Never rejects; the body is not read. */
export function probeApp(url: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const isSecure = new URL(url).protocol === 'https:'
      // An app of this machine signs its own certificate, if any; nothing secret is sent to it.
      const options = { timeout: timeoutMs, agent: false, rejectUnauthorized: false }
      const request = (isSecure ? requestHttps : requestHttp)(url, options)
      const end = (isWell: boolean): void => {
        resolve(isWell)
        request.destroy()
      }
      request.once('response', (response) => {
        end((response.statusCode ?? 500) < 500)
      })
      request.once('timeout', () => {
        end(false)
      })
      request.on('error', () => {
        end(false)
      })
      request.end()
    } catch {
      // No address at all: that app is never well.
      resolve(false)
    }
  })
}
