import { createContext, Script } from 'node:vm'
import { errorCode } from '../../lib/to-error.ts'
import { ConversionError, quote } from './value.ts'

/**
 * Patterns come from templates and were written for Go's RE2, which is linear in its input; JavaScript's engine is
 * not. So a match runs under a clock, and what differs in notation is translated.
 */

/** Wall-clock time, which a busy machine uses up by itself: 100 ms failed imports of a harmless template. */
const timeoutMs = 2_000
const maxPatternChars = 4_096
const maxTextChars = 64 * 1024

const posixClasses: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
}

/** @throws {ConversionError} when the pattern is no regular expression, or one of RE2 that JavaScript has not. */
export function compileRegex(pattern: string, extraFlags = ''): RegExp {
  if (pattern.length > maxPatternChars) throw new ConversionError('the regular expression is too long')
  let source = pattern
  let flags = extraFlags
  const leading = /^\(\?([ims]+)\)/.exec(source)
  if (leading?.[1] !== undefined) {
    flags += leading[1]
    source = source.slice(leading[0].length)
  }
  source = source
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole)
    .replaceAll(/\\([Az])/g, (_, anchor: string) => (anchor === 'A' ? '^' : '$'))
  try {
    return new RegExp(source, [...new Set(flags)].join(''))
  } catch {
    throw new ConversionError(`${quote(pattern)} is not a regular expression that is understood here`)
  }
}

/** Runs one operation of a pattern, bounded in time. @throws {ConversionError} when it takes too long. */
export function matchRegex(pattern: string, text: string): RegExpExecArray | null {
  return runBounded('regex.exec(text)', compileRegex(pattern), text) as RegExpExecArray | null
}

/** All matches. */
export function matchAllRegex(pattern: string, text: string): RegExpExecArray[] {
  return runBounded('[...text.matchAll(regex)]', compileRegex(pattern, 'g'), text) as RegExpExecArray[]
}

/** Replaces every match; `$1` and `${name}` in the replacement are Go's. */
export function replaceRegex(text: string, pattern: string, replacement: string): string {
  const translated = replacement
    .replaceAll('$$', '\u0000')
    .replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`))
    .replaceAll('\u0000', '$$$$')
  return runBounded(
    'text.replace(regex, replacement)',
    compileRegex(pattern, 'g'),
    text,
    translated,
  ) as string
}

function runBounded(code: string, regex: RegExp, text: string, replacement = ''): unknown {
  if (text.length > maxTextChars) throw new ConversionError('the text is too long for a regular expression')
  const context = createContext({ regex, text, replacement })
  try {
    // A watchdog thread ends the match; nothing of the template is code here.
    return new Script(code).runInContext(context, { timeout: timeoutMs })
  } catch (error) {
    // By its code alone: the error comes from the context's own realm, so it is no `Error` of ours.
    if (errorCode(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new ConversionError('the regular expression takes too long to match')
    }
    throw error
  }
}
