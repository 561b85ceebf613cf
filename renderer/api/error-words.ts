import { BridgeError } from './bridge-error.ts'

/** An error as the interface shows it. */
export interface ErrorWords {
  /** One sentence: what happened, and what to do where that is known. */
  readonly message: string
  /** For the folded details with copy: code, trace id, the deployment's own technical text. */
  readonly detail: string | undefined
}

/** Puts any error into words. Unexpected ones name the trace id that finds them in the log. */
export function errorWords(error: unknown): ErrorWords {
  if (!(error instanceof BridgeError)) {
    return {
      message: 'Something went wrong in this window.',
      detail: error instanceof Error ? error.message : String(error),
    }
  }
  const extra = detailText(error.details)
  const detail = [`${error.code} · ${error.traceId}`, extra].filter(Boolean).join('\n')
  if (error.code === 'internal' || error.code === 'invalid_input' || error.code === 'unknown_procedure') {
    return { message: 'Something went wrong inside Outpost. The log has the details.', detail }
  }
  return { message: error.message, detail }
}

function detailText(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('detail' in details)) return undefined
  return typeof details.detail === 'string' && details.detail !== '' ? details.detail : undefined
}
