/**
 * The bearers of header gateways, in the OS keychain: clients in a workspace read theirs once, so a gateway keeps it for
 * as long as nobody else can have heard it.
 */
import { createBearer } from '#bridge/lib/bearer'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { Keychain } from '../keychain/keychain.ts'
import type { GatewayPlace } from './gateway-place.ts'

/** Whose gateway, and where. */
export type BearerOwner = GatewayPlace & { readonly userId: string }

export interface GatewayBearers {
  /** The one that is kept, or a new one. @throws {ProcedureError} `keychain_locked`, `keychain_absent` */
  read(owner: BearerOwner): Promise<{ readonly bearer: string; readonly isKept: boolean }>
  /** A new one in its place. What cannot be kept is good until the app ends. */
  replace(owner: BearerOwner): string
  forget(owner: BearerOwner): void
  /** Resolves when all is written that was changed. */
  settled(): Promise<void>
}

/** The keychain account of a gateway's bearer. */
export const bearerAccount = ({ deploymentId, userId, serverId, workspaceId }: BearerOwner): string =>
  `deployment/${deploymentId}/header-gateway/${userId}/${serverId}/${workspaceId}`

/** As {@link createBearer} makes them; anything else was not written by us. */
const bearerPattern = /^[A-Za-z0-9_-]{43}$/

/** Makes the bearers of an app. */
export function createGatewayBearers(
  keychain: Pick<Keychain, 'get' | 'set' | 'delete'>,
  logger: Logger,
): GatewayBearers {
  /** Changes follow one another, or an earlier one would undo a later one. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work)
    turn = result.catch(() => undefined)
    return result
  }
  const write = (work: () => Promise<void>): void => {
    inTurn(work).catch((thrown: unknown) => {
      logger.warn('The bearer of a header gateway could not be changed in the keychain', {
        err: toError(thrown),
      })
    })
  }
  const replace = (owner: BearerOwner): string => {
    const bearer = createBearer()
    write(() => keychain.set(bearerAccount(owner), bearer))
    return bearer
  }

  return {
    async read(owner) {
      const kept = await readKept(() => inTurn(() => keychain.get(bearerAccount(owner))))
      if (kept !== null && bearerPattern.test(kept)) return { bearer: kept, isKept: true }
      return { bearer: replace(owner), isKept: false }
    },
    replace,
    forget(owner) {
      write(() => keychain.delete(bearerAccount(owner)))
    },
    async settled() {
      await turn
    },
  }
}

async function readKept(read: () => Promise<string | null>): Promise<string | null> {
  try {
    return await read()
  } catch (thrown) {
    if (!(thrown instanceof SecretsError)) throw thrown
    const code = thrown.code === 'locked' ? 'keychain_locked' : 'keychain_absent'
    throw new ProcedureError(code, thrown.message, { cause: thrown })
  }
}
