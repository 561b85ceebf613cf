import type { IBufferRange, ILink, ILinkProvider, Terminal } from '@xterm/xterm'
import { findPaths, type PathLink } from './path-links.ts'

// Ends before what usually closes a sentence or a bracket around the link.
const urlPattern = /https?:\/\/[^\s"'<>`\u0000-\u001f]*[^\s"'<>`\u0000-\u001f.,;:!?)\]}]/gi

export interface FoundUrl {
  readonly url: string
  /** Columns counted over all rows of the wrapped line. */
  readonly start: number
  readonly end: number
}

/** The web addresses in a line of text. */
export function findUrls(line: string): readonly FoundUrl[] {
  return [...line.matchAll(urlPattern)]
    .filter((match) => URL.canParse(match[0]))
    .map((match) => ({ url: match[0], start: match.index, end: match.index + match[0].length - 1 }))
}

export interface LinkActions {
  readonly activate: (event: MouseEvent, url: string) => void
  readonly activatePath: (event: MouseEvent, link: PathLink) => void
  readonly hover: (url: string | undefined) => void
}

/** Makes plain web addresses and paths in the output clickable, over wrapped rows too. */
export function createLinkProvider(terminal: Terminal, actions: LinkActions): ILinkProvider {
  return {
    provideLinks: (bufferRow, callback) => {
      const { first, text } = wrappedLine(terminal, bufferRow - 1)
      const link = (
        { start, end }: { readonly start: number; readonly end: number },
        shown: string,
        activate: (event: MouseEvent) => void,
      ): ILink => {
        const range: IBufferRange = {
          start: position(start, first, terminal.cols),
          end: position(end, first, terminal.cols),
        }
        return {
          text: shown,
          range,
          activate,
          hover: () => actions.hover(shown),
          leave: () => actions.hover(undefined),
        }
      }
      const urls = findUrls(text)
      const links = [
        ...urls.map((found) => link(found, found.url, (event) => actions.activate(event, found.url))),
        ...findPaths(text, urls).map((found) =>
          link(found, found.path, (event) => actions.activatePath(event, found)),
        ),
      ]
      callback(links.length === 0 ? undefined : links)
    },
  }
}

function position(offset: number, firstRow: number, cols: number): { x: number; y: number } {
  return { x: (offset % cols) + 1, y: firstRow + Math.floor(offset / cols) + 1 }
}

/** No address is longer; a program may print a line of any length, and it is read with each move of the pointer. */
const lineMaxChars = 2048

/** The line a row belongs to, as far as it goes around that row. Wide characters take two cells, so cells are read one by one. */
function wrappedLine(terminal: Terminal, row: number): { first: number; text: string } {
  const buffer = terminal.buffer.active
  let first = row
  const reach = Math.max(1, Math.floor(lineMaxChars / 2 / terminal.cols))
  while (first > 0 && row - first < reach && buffer.getLine(first)?.isWrapped) first -= 1
  let text = ''
  for (let index = first; index <= row + reach; index += 1) {
    if (index > first && !buffer.getLine(index)?.isWrapped) break
    const line = buffer.getLine(index)
    if (!line) break
    for (let column = 0; column < terminal.cols; column += 1) {
      const characters = line.getCell(column)?.getChars() ?? ''
      text += characters.length === 1 ? characters : ' '
    }
  }
  return { first, text }
}
