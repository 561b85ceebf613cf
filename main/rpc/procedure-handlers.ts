/** What features implement: one handler for each procedure of the contract. A missing one does not compile. */
import type { ProcedureDefinition, ProcedureInput, ProcedureOutput } from '#ipc/procedure'

/** What a handler knows of the call beside its input. */
export interface CallContext {
  /** Aborted when the window cancels, navigates or closes. A subscription must end soon after. */
  readonly signal: AbortSignal
  readonly windowId: number
}

/** The implementation of one procedure. A subscription's iterator is closed when its call ends. */
type ProcedureHandler<P extends ProcedureDefinition> = P['kind'] extends 'subscription'
  ? (input: ProcedureInput<P>, call: CallContext) => AsyncIterable<ProcedureOutput<P>>
  : (input: ProcedureInput<P>, call: CallContext) => Promise<ProcedureOutput<P>> | ProcedureOutput<P>

/** All procedures of one feature. */
export type FeatureHandlers<F extends Readonly<Record<string, ProcedureDefinition>>> = {
  readonly [K in keyof F]: ProcedureHandler<F[K]>
}

export type ContractShape = Readonly<Record<string, Readonly<Record<string, ProcedureDefinition>>>>

/** All procedures of all features. */
export type ContractHandlers<C extends ContractShape> = {
  readonly [F in keyof C]: FeatureHandlers<C[F]>
}
