import type { z } from 'zod'
import { ApiError } from '../api-error.ts'

const DECLARATIVE = 'Validation failed for tag '

const tooLarge = (): ApiError => new ApiError(413, { message: 'Request body too large.' })

/**
 * Reads a whole body of at most `limit` bytes, without buffering more than that.
 *
 * @throws {ApiError} 413 as soon as it is larger.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge()
  if (!request.body) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength
    if (size > limit) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/**
 * Parses a JSON body as Coder does: whatever its content type, unknown keys ignored.
 *
 * @throws {ApiError} 400 in Coder's words.
 */
export function parseJsonBody<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  let value: unknown
  try {
    // A route whose body is optional as a whole (usage, log-out) is called without one.
    value = bytes.byteLength === 0 ? {} : JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw invalidJson(error instanceof Error ? error.message : String(error))
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
  // Go decodes into types before it validates, so a wrong type is a decoding error there.
  const wrongType = issues.find((issue) => !issue.message.startsWith(DECLARATIVE))
  if (wrongType) {
    throw invalidJson(`json: field "${wrongType.path.join('.')}": ${wrongType.message}`)
  }
  throw new ApiError(400, {
    message: 'Validation failed.',
    validations: issues.map((issue) => ({ field: issue.path.join('.'), detail: issue.message })),
  })
}

function invalidJson(detail: string): ApiError {
  return new ApiError(400, { message: 'Request body must be valid JSON.', detail })
}

/**
 * Parses the query of a URL; unknown keys are ignored unless the schema is a strict one.
 *
 * @throws {ApiError} 400 naming each bad key.
 */
export function parseQuery<T extends z.ZodType>(schema: T, query: URLSearchParams): z.output<T> {
  const parsed = schema.safeParse(Object.fromEntries([...query].filter(([, value]) => value !== '')))
  if (parsed.success) return parsed.data
  throw new ApiError(400, {
    message: 'Query parameters have invalid values.',
    validations: parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((field) => ({ field, detail: `"${field}" is not a valid query param` }))
        : {
            field: issue.path.join('.'),
            detail: `Query param "${issue.path.join('.')}" has an invalid value: ${issue.message}`,
          },
    ),
  })
}
