import { createHash } from 'node:crypto'
import { isUuid } from '../../../contract/uuid.ts'
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

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new ConversionError('the text is not URL-encoded')
  }
}

function decodeJson(text: string): Value {
  try {
    return fromJson(JSON.parse(text))
  } catch {
    throw new ConversionError('the text is not JSON')
  }
}

/** Rows as maps, named by the first line (RFC 4180, with line ends of either kind). */
const csvDecode: TemplateFunction = (args, budget) => {
  expectCount(args, 1)
  const text = toText(argument(args, 0))
  budget.produce(text.length * 2)
  const [names, ...rows] = parseCsv(text)
  if (names === undefined) throw new ConversionError('the text has no line with the names of its columns')
  return rows.map((row) => {
    budget.spend(row.length + 1)
    if (row.length !== names.length)
      throw new ConversionError('a line has another number of columns than the first')
    return new Map(names.map((name, index) => [name, row[index] ?? '']))
  })
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (match === null) throw new ConversionError('the text is not CSV: a quote is in a wrong place')
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    // An empty line is none.
    if (row.length > 1 || row[0] !== '' || match[1] !== undefined) rows.push(row)
    row = []
    if (match[3] === '') break
  }
  if (row.length > 0) rows.push([...row, ''])
  return rows
}

const namespaces: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
}

/** A UUID made of a name (RFC 4122, version 5). */
const uuidV5: TemplateFunction = (args) => {
  expectCount(args, 2)
  const [space, name] = [toText(argument(args, 0)), toText(argument(args, 1))]
  const id = Object.hasOwn(namespaces, space) ? (namespaces[space] ?? '') : space
  if (!isUuid(id)) {
    throw new ConversionError('the namespace has to be "dns", "url", "oid", "x500" or a UUID')
  }
  const bytes = createHash('sha1')
    .update(Buffer.from(id.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export const encodingFunctions: Readonly<Record<string, TemplateFunction>> = {
  base64decode: ofText(decodeBase64),
  base64encode: ofText((text) => Buffer.from(text).toString('base64')),
  base64sha256: hash('sha256', 'base64'),
  base64sha512: hash('sha512', 'base64'),
  csvdecode: csvDecode,
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
  urldecode: ofText(decodeUrl),
  uuidv5: uuidV5,
  urlencode: ofText((text) =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replaceAll(/[!'()*]/g, escapeChar),
  ),
}

function escapeChar(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}
