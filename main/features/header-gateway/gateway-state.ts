/** What is shown of a gateway. */
import { z } from 'zod'
import type { GatewayState } from '#bridge/contract/header-gateway'
import type { HeaderGatewayState } from '#ipc/header-gateway'
import type { KeychainState } from '#ipc/keychain'
import type { ProcedureError } from '../../lib/procedure-error.ts'
import { addressOf } from './gateway-place.ts'

/** What the bridge says, as it is shown. */
export function stateOf(connection: GatewayState['connection']): HeaderGatewayState {
  switch (connection.kind) {
    case 'open':
      return { kind: 'open', address: addressOf(connection.port) }
    case 'failed':
      return { kind: 'failed', reason: connection.reason }
    case 'waiting':
    case 'connecting':
      return connection
  }
}

/** Why none may be open, whatever the server. */
export function barredBy(keychain: KeychainState, isSignedIn: boolean): HeaderGatewayState | undefined {
  if (keychain.kind === 'checking') return { kind: 'connecting' }
  if (keychain.kind === 'locked')
    return { kind: 'blocked', code: 'keychain_locked', reason: 'Off while the keychain is locked.' }
  if (keychain.kind === 'absent')
    return { kind: 'blocked', code: 'keychain_absent', reason: 'Off while there is no keychain that works.' }
  if (!isSignedIn) return { kind: 'waiting', reason: 'Opens when the deployment is signed in.' }
  return undefined
}

/** What the user has to act on, with the address they may allow where that is it. */
export function blockedBy({ code, message: reason, details }: ProcedureError): HeaderGatewayState {
  const asked = code === 'address_changed' ? z.object({ to: z.string() }).safeParse(details) : undefined
  return { kind: 'blocked', code, reason, ...(asked?.success === true ? { address: asked.data.to } : {}) }
}

/** The day by this computer's calendar. */
export function dayOf(ms: number): string {
  const date = new Date(ms)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-')
}
