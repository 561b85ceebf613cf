import { parseDocument } from 'yaml'
import type { SecretsFileFormat } from '../../contract/user-secrets.ts'
import { ApiError } from '../api-error.ts'

export const MAX_CONTENT_BYTES = 1024 * 1024

/** A key and its value, in the order of the file. */
export interface SecretEntry {
  readonly key: string
  readonly value: string
}

/** The file cannot be read. Never repeats what is in it. */
function unreadable(detail: string): ApiError {
  return new ApiError(400, {
    message: 'Validation failed.',
    validations: [{ field: 'content', detail }],
  })
}

/**
 * Reads a file of secrets: dotenv lines, or one flat object or mapping of texts.
 *
 * @throws {ApiError} 400 where it cannot be read, with the line but never with its text.
 */
export function parseSecretsFile(format: SecretsFileFormat, content: string): SecretEntry[] {
  if (Buffer.byteLength(content) > MAX_CONTENT_BYTES) {
    throw unreadable(`Content must be at most ${MAX_CONTENT_BYTES} bytes.`)
  }
  if (format === 'env') return parseEnv(content)
  return format === 'json' ? parseJson(content) : parseYaml(content)
}

function parseJson(content: string): SecretEntry[] {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    // The parser's own message quotes the text around the fault.
    throw unreadable('Content is not valid JSON.')
  }
  return fromMapping(value)
}

function parseYaml(content: string): SecretEntry[] {
  // `failsafe` leaves every scalar the text it was written as; aliases could be made to grow without bound.
  const document = parseDocument(content, { schema: 'failsafe', uniqueKeys: true, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const line = content.slice(0, error.pos[0]).split('\n').length
    throw unreadable(`Content is not valid YAML: line ${line}.`)
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 0 })
  } catch {
    throw unreadable('Content must not use YAML aliases.')
  }
  return fromMapping(value)
}

function fromMapping(value: unknown): SecretEntry[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable('Content must be one flat object of keys and texts.')
  }
  return Object.entries(value).map(([key, entry]: [string, unknown], index) => {
    if (typeof entry !== 'string') throw unreadable(`The value of secrets[${index}] must be a text.`)
    return { key, value: entry }
  })
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const LINE =
  /^[ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*(?:'([^']*)'|"((?:[^"\\]|\\[^])*)"|([^'"\n\r][^\n\r]*)?)[ \t]*(?:#[^\n\r]*)?$/

/** `KEY=value` lines; quoted values may span lines, double quotes know escapes, `#` begins a comment. */
function parseEnv(content: string): SecretEntry[] {
  const lines = content.replaceAll('\r\n', '\n').split('\n')
  const entries: SecretEntry[] = []
  for (let at = 0; at < lines.length; at += 1) {
    let text = lines[at] ?? ''
    if (/^[ \t]*(?:#|$)/.test(text)) continue
    const first = at
    const quote = /^[^=]*=[ \t]*(['"])/.exec(text)?.[1]
    while (quote !== undefined && !isClosed(text, quote) && at + 1 < lines.length) {
      at += 1
      text += `\n${lines[at] ?? ''}`
    }
    const match = LINE.exec(text)
    if (match?.[1] === undefined) throw unreadable(`Line ${first + 1} is not of the form KEY=value.`)
    entries.push({ key: match[1], value: envValue(match[2], match[3], match[4]) })
  }
  return entries
}

function isClosed(text: string, quote: string): boolean {
  const value = text.slice(text.indexOf(quote) + 1)
  return quote === "'" ? value.includes("'") : /^(?:[^"\\]|\\[^])*"/.test(value)
}

function envValue(single?: string, double?: string, plain?: string): string {
  if (single !== undefined) return single
  if (double !== undefined) {
    return double.replaceAll(/\\([^])/g, (_, char: string) => ESCAPES[char] ?? char)
  }
  return (plain ?? '').replace(/[ \t]+#.*$/, '').trim()
}
