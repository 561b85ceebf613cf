import type { Budget } from '../budget.ts'
import { matchAllRegex, matchRegex, replaceRegex } from '../safe-regex.ts'
import type { TemplateFunction } from '../evaluate.ts'
import {
  charactersOf,
  ConversionError,
  formatNumber,
  isList,
  toBool,
  toJson,
  toList,
  toNumber,
  toText,
  type Value,
} from '../value.ts'
import { argument, expectCount } from './arguments.ts'

/** A function of one text. */
function ofText(run: (text: string) => Value): TemplateFunction {
  return (args, budget) => {
    expectCount(args, 1)
    const text = toText(argument(args, 0))
    budget.produce(text.length)
    return run(text)
  }
}

/** A function of two texts. */
function ofTwoTexts(run: (first: string, second: string, budget: Budget) => Value): TemplateFunction {
  return (args, budget) => {
    expectCount(args, 2)
    const [first, second] = [toText(argument(args, 0)), toText(argument(args, 1))]
    budget.produce(first.length)
    return run(first, second, budget)
  }
}

const join: TemplateFunction = (args, budget) => {
  expectCount(args, 2, Number.POSITIVE_INFINITY)
  const separator = toText(argument(args, 0))
  const items = args.slice(1).flatMap((list) => toList(list).map(toText))
  budget.produce(items.reduce((chars, item) => chars + item.length + separator.length, 0))
  return items.join(separator)
}

const split: TemplateFunction = (args, budget) => {
  expectCount(args, 2)
  const [separator, text] = [toText(argument(args, 0)), toText(argument(args, 1))]
  budget.produce(text.length)
  const items = text === '' ? [''] : text.split(separator)
  budget.spend(items.length)
  return items
}

/** `/…/` as the search is a regular expression. */
const replace: TemplateFunction = (args, budget) => {
  expectCount(args, 3)
  const [text, search, replacement] = args.map(toText) as [string, string, string]
  if (search.length > 1 && search.startsWith('/') && search.endsWith('/')) {
    const result = budget.timed(() => replaceRegex(text, search.slice(1, -1), replacement))
    budget.produce(result.length)
    return result
  }
  const pieces = text.split(search)
  budget.produce(text.length + pieces.length * replacement.length)
  return pieces.join(replacement)
}

/** The verbs templates use: %s %d %f %t %q %v %%, with flags, width and precision. */
const format: TemplateFunction = (args, budget) => {
  expectCount(args, 1, Number.POSITIVE_INFINITY)
  let next = 1
  const take = (): Value => {
    if (next >= args.length) throw new ConversionError('has fewer values than its text asks for')
    next += 1
    return argument(args, next - 1)
  }
  const text = toText(argument(args, 0)).replaceAll(
    /%([-+0 #]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (...match: [string, string, string, string | undefined, string]) => {
      const [, flags, width, precision, verb] = match
      if (verb === '%') return '%'
      if (Number(width) > 1_000 || Number(precision ?? 0) > 100)
        throw new ConversionError('has a field that is too wide')
      return pad(formatVerb(verb, flags, precision, take()), flags, Number(width))
    },
  )
  if (next < args.length) throw new ConversionError('has more values than its text asks for')
  budget.produce(text.length)
  return text
}

/** One text for every element of the lists among its values; what is no list is the same in each. */
const formatList: TemplateFunction = (args, budget) => {
  expectCount(args, 1, Number.POSITIVE_INFINITY)
  const [text = null, ...values] = args
  const lengths = new Set(values.filter(isList).map((list) => list.length))
  if (lengths.size > 1) throw new ConversionError('needs lists of the same length')
  const [length = 1] = lengths
  budget.spend(length * args.length)
  return Array.from({ length }, (_, index) =>
    format([text, ...values.map((value) => (isList(value) ? (value[index] ?? null) : value))], budget),
  )
}

function formatVerb(verb: string, flags: string, precision: string | undefined, value: Value): string {
  const sign = (number: number): string => (flags.includes('+') && number >= 0 ? '+' : '')
  switch (verb) {
    case 's':
      return precision === undefined ? toText(value) : toText(value).slice(0, Number(precision))
    case 'q':
      return JSON.stringify(toText(value))
    case 't':
      return String(toBool(value))
    case 'd':
      return sign(toNumber(value)) + formatNumber(Math.trunc(toNumber(value)))
    case 'f':
      return sign(toNumber(value)) + toNumber(value).toFixed(Number(precision ?? 6))
    case 'x':
    case 'X': {
      const hex = Math.trunc(toNumber(value)).toString(16)
      return verb === 'X' ? hex.toUpperCase() : hex
    }
    case 'v':
      return typeof value === 'object' ? JSON.stringify(toJson(value)) : toText(value)
    default:
      throw new ConversionError(`does not know the verb %${verb}`)
  }
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width)
  return flags.includes('0') ? text.padStart(width, '0') : text.padStart(width)
}

const substr: TemplateFunction = (args) => {
  expectCount(args, 3)
  const chars = charactersOf(toText(argument(args, 0)))
  const offset = toNumber(argument(args, 1))
  const length = toNumber(argument(args, 2))
  const start = offset < 0 ? Math.max(chars.length + offset, 0) : offset
  return chars.slice(start, length < 0 ? undefined : start + length).join('')
}

const indent: TemplateFunction = (args, budget) => {
  expectCount(args, 2)
  const blanks = toNumber(argument(args, 0))
  if (blanks < 0 || blanks > 1_000) throw new ConversionError('needs 0 to 1000 blanks')
  const lines = toText(argument(args, 1)).split('\n')
  budget.produce(lines.length * blanks)
  return lines.join(`\n${' '.repeat(blanks)}`)
}

/** What a match gives: the text, or its groups as a list or, named, as a map. */
function matchResult(match: RegExpExecArray): Value {
  if (match.groups !== undefined)
    return new Map(
      Object.entries(match.groups).map(([name, text]: [string, string | undefined]) => [name, text ?? null]),
    )
  return match.length > 1 ? [...match].slice(1).map((group: string | undefined) => group ?? null) : match[0]
}

function trimChars(text: string, chars: string, start: boolean, end: boolean): string {
  const set = new Set(chars)
  const points = [...text]
  let from = 0
  let to = points.length
  while (start && from < to && set.has(points[from] ?? '')) from += 1
  while (end && to > from && set.has(points[to - 1] ?? '')) to -= 1
  return points.slice(from, to).join('')
}

export const textFunctions: Readonly<Record<string, TemplateFunction>> = {
  chomp: ofText((text) => text.replace(/(\r?\n)+$/, '')),
  endswith: ofTwoTexts((text, suffix) => text.endsWith(suffix)),
  format,
  formatlist: formatList,
  indent,
  join,
  lower: ofText((text) => text.toLowerCase()),
  regex: ofTwoTexts((pattern, text, budget) => {
    const match = budget.timed(() => matchRegex(pattern, text))
    if (match === null) throw new ConversionError('the pattern matches nothing in the text')
    return matchResult(match)
  }),
  regexall: ofTwoTexts((pattern, text, budget) => {
    const matches = budget.timed(() => matchAllRegex(pattern, text))
    budget.spend(matches.length)
    return matches.map(matchResult)
  }),
  replace,
  split,
  startswith: ofTwoTexts((text, prefix) => text.startsWith(prefix)),
  strcontains: ofTwoTexts((text, part) => text.includes(part)),
  strrev: ofText((text) => charactersOf(text).reverse().join('')),
  substr,
  title: ofText((text) =>
    text.replaceAll(
      /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    ),
  ),
  trim: ofTwoTexts((text, chars) => trimChars(text, chars, true, true)),
  trimprefix: ofTwoTexts((text, prefix) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimspace: ofText((text) => text.trim()),
  trimsuffix: ofTwoTexts((text, suffix) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  upper: ofText((text) => text.toUpperCase()),
}
