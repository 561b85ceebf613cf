import { EscapeScanner } from '../lib/escape-scanner.ts'

const blockBytes = 16 * 1024
/** How far behind the ring's start a line border is looked for before any character border is good enough. */
const lineSearchBytes = 8 * 1024
const lineFeed = 0x0a

export interface HistorySnapshot {
  /** What a reset terminal has to read to look like the present, as far as the ring reaches back. */
  readonly bytes: Buffer
  /** A full-screen program is drawing: it should be told to redraw. */
  readonly alternateScreen: boolean
}

/**
 * The recent output of a terminal, in a ring of fixed size. What falls out is still scanned, so a replay starts at a
 * character, line and escape-sequence border, in the terminal modes that held there.
 */
export class TerminalHistory {
  readonly #maxBlocks: number
  readonly #evicted = new EscapeScanner()
  #blocks: Buffer[] = []
  #tailLength = 0
  #hasEvicted = false

  constructor(capacityBytes = 256 * 1024) {
    // One block more: right after an eviction the ring still holds its capacity.
    this.#maxBlocks = Math.ceil(capacityBytes / blockBytes) + 1
  }

  /** The window title at the newest byte; empty when none was set. */
  get title(): string {
    const scanner = this.#evicted.clone()
    for (const [index, block] of this.#blocks.entries()) scanner.push(block, 0, this.#lengthOf(index))
    return scanner.title
  }

  push(bytes: Uint8Array): void {
    let offset = 0
    while (offset < bytes.length) {
      let tail = this.#blocks.at(-1)
      if (tail === undefined || this.#tailLength === blockBytes) {
        tail = this.#addBlock()
      }
      const count = Math.min(blockBytes - this.#tailLength, bytes.length - offset)
      tail.set(bytes.subarray(offset, offset + count), this.#tailLength)
      this.#tailLength += count
      offset += count
    }
  }

  snapshot(): HistorySnapshot {
    const bytes = this.#bytes()
    const scanner = this.#evicted.clone()
    const start = this.#hasEvicted ? findStart(bytes, scanner) : 0
    const preamble = Buffer.from(scanner.preamble, 'utf8')
    scanner.push(bytes, start)
    return {
      bytes: Buffer.concat([preamble, bytes.subarray(start)]),
      alternateScreen: scanner.alternateScreen,
    }
  }

  #addBlock(): Buffer {
    let block: Buffer | undefined
    if (this.#blocks.length === this.#maxBlocks) {
      block = this.#blocks.shift()
      if (block !== undefined) this.#evicted.push(block)
      this.#hasEvicted = true
    }
    block ??= Buffer.allocUnsafeSlow(blockBytes)
    this.#blocks.push(block)
    this.#tailLength = 0
    return block
  }

  #bytes(): Buffer {
    return Buffer.concat(this.#blocks.map((block, index) => block.subarray(0, this.#lengthOf(index))))
  }

  #lengthOf(index: number): number {
    return index === this.#blocks.length - 1 ? this.#tailLength : blockBytes
  }
}

/**
 * Moves `scanner`, which stands before `bytes[0]`, to the first good place to start a replay and answers its offset:
 * after a line feed when one is near, else at any whole character outside an escape sequence.
 */
function findStart(bytes: Buffer, scanner: EscapeScanner): number {
  let firstBoundary: number | undefined
  const probe = scanner.clone()
  const searchEnd = Math.min(bytes.length, lineSearchBytes)
  let lineStart: number | undefined
  for (let offset = 0; offset < searchEnd; offset += 1) {
    const byte = bytes[offset] ?? 0
    if (firstBoundary === undefined && probe.atBoundary && !isContinuation(byte)) {
      firstBoundary = offset
    }
    const wasBoundary = probe.atBoundary
    probe.push(bytes, offset, offset + 1)
    if (wasBoundary && byte === lineFeed) {
      lineStart = offset + 1
      break
    }
  }
  const end = lineStart ?? firstBoundary ?? endOfSequence(bytes, probe, searchEnd)
  scanner.push(bytes, 0, end)
  return end
}

/** A control string longer than the search (an image, say): its end is the first border there is. */
function endOfSequence(bytes: Buffer, probe: EscapeScanner, from: number): number {
  let offset = from
  while (offset < bytes.length && !(probe.atBoundary && !isContinuation(bytes[offset] ?? 0))) {
    probe.push(bytes, offset, offset + 1)
    offset += 1
  }
  return offset
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}
