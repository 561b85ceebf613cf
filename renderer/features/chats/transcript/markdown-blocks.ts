/**
 * A text in Markdown cut into blocks that can be drawn one by one, so that a text that is still written costs its last
 * block and not its length. Blocks are cut at blank lines, never inside of a fence or a list.
 */

export interface MarkdownBlocks {
  /** Blocks that nothing can change any more. */
  readonly closed: readonly string[]
  /** The lines of the block that is being written, without the last line. */
  readonly open: string
  /** The last line, which has no end yet. */
  readonly line: string
  readonly isList: boolean
  /** The marks that opened a fence; `undefined`: not in a fence. */
  readonly fence: string | undefined
  /** The block has ended, unless the next line belongs to its list. */
  readonly isBlank: boolean
}

export const noBlocks: MarkdownBlocks = {
  closed: [],
  open: '',
  line: '',
  isList: false,
  fence: undefined,
  isBlank: false,
}

const fenceMarks = /^[ \t>]*(`{3,}|~{3,})/
const listMark = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/
/** A link or a footnote whose target stands elsewhere in the text. */
const definition = /^ {0,3}\[[^\]\n]{1,200}\]:/m

/** Goes on with a text. Costs what is added, not what is there. */
export function appendMarkdown(blocks: MarkdownBlocks, added: string): MarkdownBlocks {
  if (!added.includes('\n')) return { ...blocks, line: blocks.line + added }
  const lines = added.split('\n')
  const last = lines.pop() ?? ''
  let next: MarkdownBlocks = { ...blocks, line: '' }
  const closed: string[] = []
  for (const [index, line] of lines.entries())
    next = addLine(next, index === 0 ? blocks.line + line : line, closed)
  return { ...next, closed: closed.length === 0 ? blocks.closed : [...blocks.closed, ...closed], line: last }
}

function addLine(blocks: MarkdownBlocks, line: string, closed: string[]): MarkdownBlocks {
  if (blocks.fence !== undefined) {
    const isEnd =
      fenceMarks.exec(line)?.[1]?.startsWith(blocks.fence) === true && /^[ \t>]*[`~]+\s*$/.test(line)
    return { ...blocks, open: `${blocks.open}${line}\n`, fence: isEnd ? undefined : blocks.fence }
  }
  if (line.trim() === '') {
    return {
      ...blocks,
      open: blocks.open === '' ? '' : `${blocks.open}${line}\n`,
      isBlank: blocks.open !== '',
    }
  }
  const starts = startsBlock(blocks, line)
  if (starts) closed.push(trimEnd(blocks.open))
  const open = starts ? '' : blocks.open
  return {
    ...blocks,
    open: `${open}${line}\n`,
    isBlank: false,
    isList: open === '' ? listMark.test(line) : blocks.isList,
    fence: fenceMarks.exec(line)?.[1],
  }
}

/** Whether a line that is not empty is the first of a new block. */
function startsBlock({ open, isBlank, isList }: MarkdownBlocks, line: string): boolean {
  if (open === '') return false
  // A fence stands alone, so that code is drawn by itself.
  if (/^(?:`{3,}|~{3,})/.test(line) && !isList) return true
  if (isClosedFence(open)) return true
  if (!isBlank) return false
  if (/^[ \t]/.test(line)) return false
  return !(isList && listMark.test(line))
}

function isClosedFence(open: string): boolean {
  return /^(?:`{3,}|~{3,})/.test(open)
}

function trimEnd(text: string): string {
  return text.replace(/\s+$/, '')
}

/** What is being written. */
export function openBlock({ open, line }: MarkdownBlocks): string {
  return open + line
}

/** The same as blocks to draw: the last line may begin a new one before it has its end. */
export function openBlocks(blocks: MarkdownBlocks): readonly string[] {
  const { open, line, fence } = blocks
  const begins = fence === undefined && line.trim() !== '' && startsBlock(blocks, line)
  return (begins ? [open, line] : [open + line]).filter((block) => block.trim() !== '')
}

/** All blocks of a text that is whole. One with definitions stays whole, as every block may refer to them. */
export function splitMarkdown(text: string): readonly string[] {
  if (definition.test(text)) return [text]
  const blocks = appendMarkdown(noBlocks, `${text}\n`)
  const rest = trimEnd(openBlock(blocks))
  return rest === '' ? blocks.closed : [...blocks.closed, rest]
}

/** The whole text again. */
export function joinBlocks(blocks: MarkdownBlocks): string {
  return [...blocks.closed, openBlock(blocks)].filter((block) => block !== '').join('\n\n')
}
