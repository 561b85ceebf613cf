import type { Status } from '../../ui/status-mark.tsx'
import type { HeaderGateway } from './use-header-gateways.ts'

/** What is shown of a gateway that is not open. */
export interface GatewayWords {
  readonly status: Status
  readonly text: string
  /** At the end of the row: the state in a word. */
  readonly short: string
  /** Pressing a button may help. */
  readonly canRetry: boolean
}

export function gatewayWords(state: Exclude<HeaderGateway['state'], { kind: 'open' }>): GatewayWords {
  switch (state.kind) {
    case 'connecting':
      return { status: 'starting', text: 'Opening', short: 'Opening', canRetry: false }
    case 'waiting':
      return { status: 'starting', text: state.reason, short: 'Waiting', canRetry: false }
    case 'blocked':
      return { status: 'pending', text: state.reason, short: 'Needs you', canRetry: true }
    case 'failed':
      return { status: 'failed', text: state.reason, short: 'Failed', canRetry: true }
  }
}

/** `38 calls today` */
export function callsWords(calls: number): string {
  if (calls === 0) return 'No calls today'
  return calls === 1 ? '1 call today' : `${calls.toLocaleString('en')} calls today`
}

/** Why this computer can add nothing for a kind of server; `undefined` where it can. */
export function unusableWords(authType: string): string | undefined {
  switch (authType) {
    case 'none':
    case 'custom_headers':
      return undefined
    case 'api_key':
      return 'The key of this server lies on the deployment, which never gives it out. So this computer cannot add it.'
    default:
      return 'The sign-in to this server lies on the deployment, which never gives it out. So this computer cannot add it.'
  }
}
