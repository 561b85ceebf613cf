/** Searching contents: by ripgrep where the workspace has it, else by grep. Both print `path NUL line:text`. */
import type { Client } from 'ssh2'
import type { FilesAnswers, FilesRequest, SearchMatch } from '../../contract/remote-files.ts'
import { displayName } from '../../contract/remote-names.ts'
import { FilesFailure } from './files-failure.ts'
import { createSplitter, runScript, shellWord } from './run-script.ts'
import { textOfName } from './sftp/remote-names.ts'

type Search = Extract<FilesRequest, { readonly op: 'search' }>

const recordMaxBytes = 64 * 1024
const shownChars = 400
/** Characters shown before a match that lies far right. */
const lead = 80
const pageSize = 100

function script({ folder, query, isRegex, isCaseSensitive, isWholeWord }: Search): string {
  const word = isWholeWord ? ' -w' : ''
  const pattern = `-e ${shellWord(query)}`
  const rg = [
    'rg --no-config --hidden --null --line-number --no-heading --color never',
    `-g '!.git' --max-columns 0${isRegex ? '' : ' -F'}${isCaseSensitive ? ' -s' : ' -i'}${word}`,
    `${pattern} -- ./`,
  ].join(' ')
  const grep = `grep -rIn --null --exclude-dir=.git${isRegex ? ' -E' : ' -F'}${isCaseSensitive ? '' : ' -i'}${word} ${pattern} -- ./`
  return [
    `cd -- ${shellWord(folder)} || exit 3`,
    String.raw`if command -v rg >/dev/null 2>&1; then printf 'rg\0\n'; exec ${rg}; fi`,
    String.raw`printf 'grep\0\n'; exec ${grep}`,
  ].join('; ')
}

/** @throws {FilesFailure} `bad_query`, `not_available`, `not_found`, `cancelled` */
export async function searchText(
  ssh: Client,
  search: Search,
  signal: AbortSignal,
  onPage: (matches: readonly SearchMatch[]) => Promise<void>,
): Promise<FilesAnswers['search']> {
  const lines = createSplitter([0, 0x0a], recordMaxBytes)
  let path: string | undefined
  const locate = createLocator(search)
  const enough = new AbortController()
  let source: 'rg' | 'grep' | undefined
  let isBegun = false
  let page: SearchMatch[] = []
  let count = 0
  const take = async (record: Buffer): Promise<void> => {
    if (path === undefined) {
      path = textOfName(record)
      return
    }
    const match = parseLine(path, record, locate)
    path = undefined
    if (match === null) return
    if (count === search.maxMatches) {
      enough.abort()
      return
    }
    count += 1
    page.push(match)
    if (page.length < pageSize) return
    const full = page
    page = []
    await onPage(full)
  }
  const { code, errors } = await runScript(
    ssh,
    script(search),
    AbortSignal.any([signal, enough.signal]),
    async (chunk) => {
      for (const record of lines.push(chunk)) {
        if (enough.signal.aborted) return
        if (source === undefined) source = record.toString() === 'rg' ? 'rg' : 'grep'
        // Behind the name of the program stands an empty line.
        else if (isBegun) await take(record)
        else isBegun = true
      }
    },
  ).catch((thrown: unknown) => {
    if (enough.signal.aborted && !signal.aborted) return { code: 0, errors: '' }
    throw thrown
  })
  if (code === 3)
    throw new FilesFailure('not_found', 'That folder is not there any more, or may not be read.')
  if (source === undefined) throw new FilesFailure('not_available', 'The workspace has neither rg nor grep.')
  // Both also answer 2 when a single file could not be read.
  if (code === 2 && count === 0) refuse(errors)
  if (page.length > 0) await onPage(page)
  return { count, isTruncated: enough.signal.aborted, source }
}

function refuse(errors: string): void {
  const said = displayName(errors.trim().split('\n').at(-1) ?? '').slice(0, 200)
  if (/unrecognized option|invalid option|illegal option/i.test(errors)) {
    throw new FilesFailure(
      'not_available',
      'The grep of this workspace is too old to search with. Install ripgrep (rg) there.',
    )
  }
  if (/regex|unmatched|unbalanced|invalid|repetition|parenthes|bracket/i.test(errors)) {
    throw new FilesFailure('bad_query', `That is no regular expression: ${said}`)
  }
}

type Locate = (line: string) => { readonly column: number; readonly length: number } | null

/** Where in a line the match is; the programs tell it in bytes at best. `null` where our own engine finds none. */
function createLocator({ query, isRegex, isCaseSensitive, isWholeWord }: Search): Locate {
  const source = isRegex ? query : query.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  let pattern: RegExp
  try {
    const bounded = isWholeWord ? String.raw`(?<![\p{L}\p{N}_])(?:${source})(?![\p{L}\p{N}_])` : source
    pattern = new RegExp(bounded, isCaseSensitive ? 'u' : 'iu')
  } catch {
    // A form that only the other engine knows.
    return () => null
  }
  // A hostile line and a slow pattern must not hold the bridge: a query of the user's own may still be slow.
  return isRegex
    ? (line) => (line.length > 2000 ? null : found(pattern.exec(line)))
    : (line) => found(pattern.exec(line))
}

function found(match: RegExpExecArray | null): ReturnType<Locate> {
  return match === null ? null : { column: match.index, length: match[0].length }
}

function parseLine(path: string, record: Buffer, locate: Locate): SearchMatch | null {
  const colon = record.indexOf(0x3a)
  const line = Number(record.subarray(0, Math.max(colon, 0)).toString('latin1'))
  if (colon === -1 || !Number.isInteger(line) || line < 1) return null
  const whole = record
    .subarray(colon + 1)
    .toString('utf8')
    .replace(/\r$/, '')
  const place = locate(whole)
  const from = place !== null && place.column > shownChars - lead ? place.column - lead : 0
  return {
    path: path.replace(/^\.\//, ''),
    line,
    column: place === null ? null : place.column - from,
    length: place?.length ?? null,
    text: whole.slice(from, from + shownChars),
  }
}
