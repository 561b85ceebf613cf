/** Contract and handlers by their full name, so that a call is one look-up in a map without prototype. */
import type { ProcedureDefinition } from '#ipc/procedure'
import type { CallContext, ContractHandlers, ContractShape } from './procedure-handlers.ts'

export interface Procedure {
  readonly name: string
  readonly definition: ProcedureDefinition
  /** Answers a promise or value; for a subscription an async iterable. */
  run(input: unknown, call: CallContext): unknown
}

/** Pairs every procedure of the contract with its handler under `feature.name`. */
export function buildProcedureTable<C extends ContractShape>(
  contract: C,
  handlers: ContractHandlers<C>,
): ReadonlyMap<string, Procedure> {
  const table = new Map<string, Procedure>()
  for (const [feature, procedures] of Object.entries(contract)) {
    const implemented = handlers[feature as keyof C] as Readonly<Record<string, Procedure['run']>>
    for (const [procedure, definition] of Object.entries(procedures)) {
      const name = `${feature}.${procedure}`
      const run = implemented[procedure]
      // Complete by its type; a cast somewhere must not become an undefined call in front of a user.
      if (run === undefined) throw new TypeError(`Nobody handles ${name}.`)
      table.set(name, { name, definition, run: (input, call) => run(input, call) })
    }
  }
  return table
}
