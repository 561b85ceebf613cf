/** How a failure crosses to the window, and what of it is written to the log. */
import { randomUUID } from 'node:crypto'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { WireError } from '#ipc/envelope'
import { commonErrorCodes, type ProcedureDefinition } from '#ipc/procedure'
import { ProcedureError } from '../lib/procedure-error.ts'
import { isPlainData } from './plain-data.ts'

const COMMON_CODES: ReadonlySet<string> = new Set(commonErrorCodes)

/** A failure of the router's own, with a message that is safe as it stands. */
export function routerFailure(code: (typeof commonErrorCodes)[number], message: string): WireError {
  return { code, message, traceId: randomUUID() }
}

/**
 * Turns what a handler threw into its answer. Expected failures keep code, sentence and details; anything else is
 * logged once with its stack and crosses as `internal` with nothing but the trace id.
 */
export function toWireError(
  thrown: unknown,
  procedure: { readonly name: string; readonly definition: ProcedureDefinition },
  logger: Logger,
): WireError {
  const traceId = randomUUID()
  if (thrown instanceof ProcedureError && isAllowed(thrown.code, procedure.definition)) {
    logger.info('A call was refused', { procedure: procedure.name, code: thrown.code, traceId })
    const { code, message, details } = thrown
    if (details === undefined || !isPlainData(details)) return { code, message, traceId }
    return { code, message, details, traceId }
  }
  logger.error('A call failed unexpectedly', { procedure: procedure.name, traceId, err: toError(thrown) })
  return {
    code: 'internal',
    message: 'Something went wrong inside Outpost. The log has the details.',
    traceId,
  }
}

function isAllowed(code: string, definition: ProcedureDefinition): boolean {
  return COMMON_CODES.has(code) || definition.errors.includes(code)
}
