/** Whether the deployment's host can be reached at all: its name, a connection, its certificate. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { connectionText } from '../../contract/connection-events.ts'
import { connectionErrorFrom } from '../connection-failure.ts'
import { isLoopbackHost } from '../deployment-url.ts'
import { failedAs, type CheckStep, type Outcome } from './check-context.ts'
import { handshake, type Handshake } from './secure-connection.ts'

export const dnsCheck: CheckStep = {
  id: 'dns',
  needs: [],
  async run({ host, route }) {
    if (isIP(host) !== 0) return { status: 'skipped', found: `${host} is an address, not a name.` }
    if (!route.looksUpNames) return { status: 'skipped', found: 'The proxy looks up the name.' }
    const addresses = await lookup(host, { all: true })
    return { status: 'ok', found: `${host} is ${addresses.map(({ address }) => address).join(', ')}.` }
  },
}

export const tcpCheck: CheckStep = {
  id: 'tcp',
  needs: ['dns'],
  async run({ host, port, route, signal }) {
    const socket = await route.open({ host, port }, signal)
    socket.destroy()
    return { status: 'ok', found: `${host} takes connections on port ${String(port)}.` }
  },
}

const dayMs = 86_400_000
/** Certificates that renew themselves do so weeks before. */
const soonDays = 14

export const tlsCheck: CheckStep = {
  id: 'tls',
  needs: ['tcp'],
  async run(context) {
    const { url, host, clock } = context
    if (url.protocol === 'http:') return plain(host)
    const found = await handshake(context)
    if (found.error !== undefined) return notTrusted(host, found)
    const days = Math.floor((found.validTo - clock.now()) / dayMs)
    const words = `${found.protocol}, issued by ${issuerOf(found)}, valid until ${dateOf(found)}.`
    if (days >= soonDays) return { status: 'ok', found: words }
    return {
      status: 'warning',
      found: words,
      advice: `It ends in ${days === 1 ? '1 day' : `${String(days)} days`}. Tell whoever runs ${host} to renew it.`,
    }
  },
}

function plain(host: string): Outcome {
  if (isLoopbackHost(host)) {
    return { status: 'skipped', found: 'Not encrypted, and it does not leave this computer.' }
  }
  return {
    status: 'warning',
    found: 'The connection is not encrypted: anybody on the way can read your token.',
    advice: 'Use https:// if the deployment has it.',
  }
}

function notTrusted(host: string, found: Handshake): Outcome {
  const { message } = connectionErrorFrom(found.error, host)
  const expired = found.errorCode === 'CERT_HAS_EXPIRED'
  return {
    status: 'failed',
    found: `${message.split('. ')[0] ?? message} It was issued by ${issuerOf(found)} and is valid until ${dateOf(found)}.`,
    advice: expired
      ? `Tell whoever runs ${host} to renew it. If it is valid elsewhere, check the clock of this computer.`
      : 'If a company network stands in between, add its certificate to this computer. Else ask whoever runs the deployment.',
  }
}

const issuerOf = ({ issuer }: Handshake): string => connectionText(issuer) || 'nobody'
const dateOf = ({ validTo }: Handshake): string =>
  Number.isNaN(validTo) ? 'an unknown day' : new Date(validTo).toISOString().slice(0, 10)

/** What was thrown by a check, in words. */
export function outcomeOfError(thrown: unknown, host: string): Outcome {
  return failedAs(connectionText(connectionErrorFrom(thrown, host).message))
}
