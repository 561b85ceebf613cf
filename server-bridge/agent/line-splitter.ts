import { StringDecoder } from 'node:string_decoder'

/** A longer line is cut into pieces: a program that never ends its line must not fill the memory. */
const maxLineChars = 8 * 1024

export interface LineSplitter {
  push(bytes: Buffer): void
  /** Hands over what has no line end yet. */
  flush(): void
}

/** Cuts bytes into lines of UTF-8 text. NUL is dropped: databases refuse it in text, and Coder drops it too. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8')
  let rest = ''

  function take(text: string): void {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) emit(line.endsWith('\r') ? line.slice(0, -1) : line)
    while (rest.length > maxLineChars) {
      emit(rest.slice(0, maxLineChars))
      rest = rest.slice(maxLineChars)
    }
  }

  function emit(line: string): void {
    const clean = line.replaceAll('\0', '')
    for (let start = 0; start === 0 || start < clean.length; start += maxLineChars) {
      onLine(clean.slice(start, start + maxLineChars))
    }
  }

  return {
    push(bytes) {
      take(decoder.write(bytes))
    },
    flush() {
      take(decoder.end())
      if (rest !== '') emit(rest)
      rest = ''
    },
  }
}
