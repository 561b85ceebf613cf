import type { ChatSwitchStates, UpdateChatSwitchesRequest } from '../../../contract/chats-switches.ts'
import { ApiError } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'

export interface ChatSwitches {
  read(): ChatSwitchStates
  /** @throws {ApiError} 409 */
  update(request: UpdateChatSwitchesRequest): ChatSwitchStates
  /** Why no chat may work; `undefined`: they may. */
  offReason(): string | undefined
  /** @throws {ApiError} 503 while no chat may work */
  requireOn(): void
  allowsOwnKeys(): boolean
}

export interface ChatSwitchesDeps {
  readonly db: Database
  /** Whether the server was started with chats. */
  readonly isOnAtStart: boolean
  /** Told after chats were switched off. */
  readonly onStopped: () => void
}

const STOPPED = 'chats_stopped'
const BYOK = 'chats_byok_enabled'

export function createChatSwitches({ db, isOnAtStart, onStopped }: ChatSwitchesDeps): ChatSwitches {
  const byKey = keptQuery((key: string) =>
    db.sql.selectFrom('deployment_settings').select('value').where('key', '=', key),
  )
  const get = (key: string, otherwise: boolean): boolean => {
    const row = db.firstKept(byKey(key))
    return row === undefined ? otherwise : row.value === 'true'
  }
  const set = (key: string, isOn: boolean | undefined): void => {
    if (isOn === undefined) return
    const value = String(isOn)
    db.run(
      db.sql
        .insertInto('deployment_settings')
        .values({ key, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
    )
  }
  const read = (): ChatSwitchStates => ({
    stopped: !isOnAtStart || get(STOPPED, false),
    stopped_at_start: !isOnAtStart,
    byok_enabled: get(BYOK, true),
  })
  const offReason = (): string | undefined => {
    if (!isOnAtStart)
      return 'Chats are switched off: the server was started with CODER_AI_GATEWAY_ENABLED=false.'
    if (get(STOPPED, false))
      return 'An administrator has switched off chats. What was said so far can still be read.'
    return undefined
  }
  return {
    read,
    offReason,
    update(request) {
      if (request.stopped === false && !isOnAtStart)
        throw new ApiError(409, {
          message: 'The server was started without chats. Start it without CODER_AI_GATEWAY_ENABLED=false.',
        })
      db.transaction(() => {
        set(STOPPED, request.stopped)
        set(BYOK, request.byok_enabled)
      })
      if (request.stopped === true) onStopped()
      return read()
    },
    requireOn() {
      const message = offReason()
      if (message !== undefined) throw new ApiError(503, { message })
    },
    allowsOwnKeys: () => get(BYOK, true),
  }
}
