/** The RPC router: gives every page that connects a session on the same procedures. */
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { ContractHandlers, ContractShape } from './procedure-handlers.ts'
import { buildProcedureTable } from './procedure-table.ts'
import { RpcSession, type MayCall, type RpcLimits } from './rpc-session.ts'
import type { RpcTransport } from './transport.ts'

export interface RouterOptions<C extends ContractShape> {
  readonly contract: C
  readonly handlers: ContractHandlers<C>
  readonly logger: Logger
  readonly clock: Pick<Clock, 'now'>
  readonly checkOutputs: boolean
  readonly limits?: RpcLimits
}

export interface Router {
  /** Serves a page until its transport closes. `mayCall` narrows what it has; left out, it has everything. */
  attach(transport: RpcTransport, mayCall?: MayCall): void
  /** Ends all sessions. */
  close(): void
}

/** A page in use makes a few calls a second; a list that is torn down and mounted again makes dozens at once. */
const DEFAULT_LIMITS: RpcLimits = { burst: 400, perSecond: 100, open: 400 }

/** Makes a router over a contract. */
export function createRouter<C extends ContractShape>(options: RouterOptions<C>): Router {
  const procedures = buildProcedureTable(options.contract, options.handlers)
  const sessions = new Set<RpcSession>()
  return {
    attach(transport, mayCall) {
      const session = new RpcSession({
        procedures,
        transport,
        limits: options.limits ?? DEFAULT_LIMITS,
        clock: options.clock,
        logger: options.logger,
        checkOutputs: options.checkOutputs,
        mayCall,
      })
      sessions.add(session)
      transport.onClose(() => {
        sessions.delete(session)
      })
    },
    close() {
      for (const session of sessions) session.close()
      sessions.clear()
    },
  }
}
