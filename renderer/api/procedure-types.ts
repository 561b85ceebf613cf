/** The contract's procedures by their wire name (`workspaces.start`), as types only: no schema enters the window. */
import type { Contract } from '#ipc/contract'
import type {
  ErrorCode,
  ProcedureDefinition,
  ProcedureInput,
  ProcedureKind,
  ProcedureOutput,
} from '#ipc/procedure'

type Feature = keyof Contract
export type ProcedureName = { [F in Feature]: `${F}.${keyof Contract[F] & string}` }[Feature]

type DefinitionOf<N extends ProcedureName> = N extends `${infer F extends Feature}.${infer P}`
  ? P extends keyof Contract[F]
    ? Contract[F][P] extends infer D extends ProcedureDefinition
      ? D
      : never
    : never
  : never

type NamesOfKind<K extends ProcedureKind> = {
  [N in ProcedureName]: DefinitionOf<N>['kind'] extends K ? N : never
}[ProcedureName]

export type QueryName = NamesOfKind<'query'>
export type MutationName = NamesOfKind<'mutation'>
export type SubscriptionName = NamesOfKind<'subscription'>
export type CallName = QueryName | MutationName

export type Input<N extends ProcedureName> = ProcedureInput<DefinitionOf<N>>
export type Output<N extends ProcedureName> = ProcedureOutput<DefinitionOf<N>>
/** The literal codes a procedure may fail with. */
export type ErrorCodeOf<N extends ProcedureName> = ErrorCode<DefinitionOf<N>>
