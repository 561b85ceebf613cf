/** What a `catch` caught, as an `Error`: JavaScript lets anything be thrown. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  if (typeof thrown === 'string') return new Error(thrown)
  try {
    // `undefined` for what JSON cannot say, whatever its type claims.
    const text = JSON.stringify(thrown) as string | undefined
    return new Error(text ?? String(thrown), { cause: thrown })
  } catch {
    // Cyclic, or with a throwing toJSON: its type is all that can be said.
    return new Error(Object.prototype.toString.call(thrown), { cause: thrown })
  }
}

/** Node's `code` of a system or library error, looked for along the causes and inside aggregates. */
export function errorCode(error: unknown): string | undefined {
  let at: unknown = error
  for (let depth = 0; depth < 8 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0]
    else at = 'cause' in at ? at.cause : undefined
  }
  return undefined
}
