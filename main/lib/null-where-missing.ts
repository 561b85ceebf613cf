import { ProcedureError } from './procedure-error.ts'

/** What a deployment does not have, or does not tell everybody, is null: newer and older ones have less. */
export async function nullWhereMissing<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (error instanceof ProcedureError && error.code === 'not_found') return null
    throw error
  }
}
