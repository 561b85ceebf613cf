/**
 * The renderer's contract with main: what a procedure is. Three kinds only. Everything is parsed in main; nothing but
 * plain data crosses.
 */
import type { z } from 'zod'

/** `query` reads, `mutation` changes, `subscription` yields outputs until it is cancelled. */
export type ProcedureKind = 'query' | 'mutation' | 'subscription'

export interface ProcedureDefinition {
  readonly kind: ProcedureKind
  /** Parsed strictly in main. */
  readonly input: z.ZodType
  /** Parsed in tests and development only: main is trusted. */
  readonly output: z.ZodType
  /** Codes this procedure may answer with, beside the ones every procedure may (`commonErrorCodes`). */
  readonly errors: readonly string[]
}

/** Keeps the literal types of one procedure. */
export function defineProcedure<const T extends ProcedureDefinition>(procedure: T): T {
  return procedure
}

export type ProcedureInput<P extends ProcedureDefinition> = z.output<P['input']>
export type ProcedureOutput<P extends ProcedureDefinition> = z.output<P['output']>

/** Codes any procedure may answer with. */
export const commonErrorCodes = [
  /** The input did not fit the contract: a bug in the window, never the user's doing. */
  'invalid_input',
  'unknown_procedure',
  'too_many_requests',
  'payload_too_large',
  'cancelled',
  /** Unexpected. `traceId` finds the line in main's log. */
  'internal',
  // Every procedure that talks to a deployment may meet these.
  /** No such deployment in the app's list. */
  'deployment_unknown',
  /** The deployment cannot be reached; `message` says why in words. */
  'unreachable',
  /** The token is missing, expired or refused: sign in again. */
  'signed_out',
  'forbidden',
  'not_found',
  /** The deployment answered with an error; `message` is its own, `details.validations` per field. */
  'deployment_error',
] as const
export type CommonErrorCode = (typeof commonErrorCodes)[number]
export type ErrorCode<P extends ProcedureDefinition> = CommonErrorCode | P['errors'][number]
