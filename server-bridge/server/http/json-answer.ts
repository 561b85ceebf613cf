import type { Response as ApiMessage } from '../../contract/response.ts'

const ESCAPED: Readonly<Record<string, string>> = {
  '<': String.raw`\u003c`,
  '>': String.raw`\u003e`,
  '&': String.raw`\u0026`,
  '\u2028': String.raw`\u2028`,
  '\u2029': String.raw`\u2029`,
}

/** One line with a newline at its end, and escaped as Go's encoder does it. */
export function encodeJson(value: unknown): string {
  return `${JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (char) => ESCAPED[char] ?? char)}\n`
}

/** The answer of almost every route. */
export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return new Response(encodeJson(value), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

/** An answer that only has something to say. */
export function messageAnswer(
  status: number,
  message: ApiMessage,
  headers: Record<string, string> = {},
): Response {
  return jsonAnswer(status, message, headers)
}
