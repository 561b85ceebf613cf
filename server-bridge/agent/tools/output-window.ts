import { StringDecoder } from 'node:string_decoder'

/** agents-api 12.2: the beginning and the end of what a process prints, and how long a line may be. */
const HEAD_CHARS = 16 * 1024
const TAIL_CHARS = 16 * 1024
const MAX_LINE_CHARS = 2048

export interface OutputWindow {
  push(bytes: Buffer): void
  read(): { readonly output: string; readonly originalBytes: number; readonly omittedBytes: number }
}

/** Keeps the two ends of an output, whatever its length. */
export function createOutputWindow(): OutputWindow {
  const decoder = new StringDecoder('utf8')
  let head = ''
  let tail = ''
  let bytes = 0
  let dropped = 0
  return {
    push(chunk) {
      bytes += chunk.length
      let text = decoder.write(chunk)
      const room = HEAD_CHARS - head.length
      if (room > 0) {
        head += text.slice(0, room)
        text = text.slice(room)
      }
      tail += text
      if (tail.length <= TAIL_CHARS) return
      const gone = tail.slice(0, tail.length - TAIL_CHARS)
      dropped += Buffer.byteLength(gone)
      tail = tail.slice(-TAIL_CHARS)
    },
    read() {
      const gap = dropped === 0 ? '' : `\n… [${dropped} bytes left out] …\n`
      return { output: cutLines(head + gap + tail), originalBytes: bytes, omittedBytes: dropped }
    },
  }
}

function cutLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS)}… [line cut]` : line))
    .join('\n')
}
