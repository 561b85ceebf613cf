import { createHash } from 'node:crypto'
import type { TemplateFunction } from '../evaluate.ts'
import { ConversionError, fromJson, toJson, toText, type Value } from '../value.ts'
import { argument, expectCount } from './arguments.ts'

function ofText(run: (text: string) => Value): TemplateFunction {
  return (args, budget) => {
    expectCount(args, 1)
    const text = toText(argument(args, 0))
    budget.produce(text.length * 2)
    return run(text)
  }
}

function hash(algorithm: string, encoding: 'hex' | 'base64'): TemplateFunction {
  return ofText((text) => createHash(algorithm).update(text).digest(encoding))
}

function decodeBase64(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new ConversionError('the text is not Base64')
  return Buffer.from(text, 'base64').toString('utf8')
}

function decodeJson(text: string): Value {
  try {
    return fromJson(JSON.parse(text))
  } catch {
    throw new ConversionError('the text is not JSON')
  }
}

export const encodingFunctions: Readonly<Record<string, TemplateFunction>> = {
  base64decode: ofText(decodeBase64),
  base64encode: ofText((text) => Buffer.from(text).toString('base64')),
  base64sha256: hash('sha256', 'base64'),
  jsondecode: ofText(decodeJson),
  jsonencode: (args, budget) => {
    expectCount(args, 1)
    // Go escapes these in JSON, and templates compare such texts.
    const text = JSON.stringify(toJson(argument(args, 0))).replaceAll(
      /[<>&\u2028\u2029]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    budget.produce(text.length)
    return text
  },
  md5: hash('md5', 'hex'),
  sha1: hash('sha1', 'hex'),
  sha256: hash('sha256', 'hex'),
  sha512: hash('sha512', 'hex'),
  urlencode: ofText((text) =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replaceAll(/[!'()*]/g, escapeChar),
  ),
}

function escapeChar(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}
