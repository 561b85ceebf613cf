/** The files of a unified diff as git writes it, each with its own part. */

export interface ChangedFile {
  /** From the repository's root; of a renamed file the new one. */
  readonly path: string
  readonly oldPath?: string
  readonly kind: 'changed' | 'new' | 'deleted' | 'renamed'
  /** Nothing of it can be shown. */
  readonly isBinary: boolean
  readonly added: number
  readonly removed: number
  /** Its lines from the first `@@` on. */
  readonly diff: string
}

/** More cannot be looked through; what is left out is counted. */
const maxFiles = 500

export function changedFiles(diff: string): {
  readonly files: readonly ChangedFile[]
  readonly leftOut: number
} {
  const starts: number[] = []
  for (let at = nextHead(diff, 0); at !== -1; at = nextHead(diff, at + 1)) starts.push(at)
  const files = new Map<string, ChangedFile>()
  for (const [index, start] of starts.slice(0, maxFiles).entries()) {
    const file = readFile(diff.slice(start, starts[index + 1]))
    const before = files.get(file.path)
    files.set(file.path, before === undefined ? file : joined(before, file))
  }
  return { files: [...files.values()], leftOut: Math.max(0, starts.length - maxFiles) }
}

/** A file that became a link, or a link a file: git tells that one went and another came, of the same path. */
function joined(one: ChangedFile, other: ChangedFile): ChangedFile {
  return {
    ...one,
    kind: 'changed',
    isBinary: one.isBinary || other.isBinary,
    added: one.added + other.added,
    removed: one.removed + other.removed,
    diff: one.diff + other.diff,
  }
}

const head = 'diff --git '

/** A line of a file cannot be taken for a head: it begins with a sign. */
function nextHead(diff: string, from: number): number {
  if (from === 0 && diff.startsWith(head)) return 0
  const at = diff.indexOf(`\n${head}`, Math.max(0, from - 1))
  return at === -1 ? -1 : at + 1
}

function readFile(part: string): ChangedFile {
  const hunks = part.search(/^@@ /m)
  const intro = hunks === -1 ? part : part.slice(0, hunks)
  const body = hunks === -1 ? '' : part.slice(hunks)
  const line = (prefix: string): string | undefined =>
    intro
      .split('\n')
      .find((text) => text.startsWith(prefix))
      ?.slice(prefix.length)
  const before = sidePath(line('--- ')) ?? unquote(line('rename from '))
  const after = sidePath(line('+++ ')) ?? unquote(line('rename to '))
  const isNew = line('new file mode') !== undefined
  const isDeleted = line('deleted file mode') !== undefined
  const path = after ?? before ?? headPath(intro)
  const isRenamed = before !== undefined && after !== undefined && before !== after
  return {
    path,
    ...(isRenamed ? { oldPath: before } : {}),
    kind: isNew ? 'new' : isDeleted ? 'deleted' : isRenamed ? 'renamed' : 'changed',
    isBinary: /^(?:Binary files|GIT binary patch)/m.test(intro),
    added: countLines(body, '+'),
    removed: countLines(body, '-'),
    diff: body,
  }
}

/** `a/src/x.go` without its first folder; nothing for `/dev/null`. */
function sidePath(side: string | undefined): string | undefined {
  const path = unquote(side?.replace(/\t.*$/, ''))
  if (path === undefined || path === '/dev/null') return undefined
  return path.replace(/^[ab]\//, '')
}

/** Of a file without lines (empty, or only its mode changed): both names of the head are the same. */
function headPath(intro: string): string {
  const names = intro.slice(head.length).split('\n', 1)[0] ?? ''
  const half = names.slice(0, Math.floor(names.length / 2))
  return (unquote(half.trim()) ?? half).replace(/^a\//, '')
}

/** Git puts names with unusual letters in quotes, bytes as octal numbers. */
function unquote(name: string | undefined): string | undefined {
  if (!name?.startsWith('"')) return name
  const bytes: number[] = []
  const inner = name.slice(1, name.endsWith('"') ? -1 : undefined)
  for (const found of inner.matchAll(/\\([0-7]{3})|\\(.)|([^\\])/gsu)) {
    const [, octal, escaped, plain] = found
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff)
    else
      bytes.push(...new TextEncoder().encode(escaped === undefined ? plain : (escapes[escaped] ?? escaped)))
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function countLines(body: string, sign: string): number {
  let count = 0
  for (let at = body.indexOf(`\n${sign}`); at !== -1; at = body.indexOf(`\n${sign}`, at + 1)) count += 1
  return count
}
