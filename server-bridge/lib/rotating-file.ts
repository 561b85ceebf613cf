import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LogSink } from './pino-logger.ts'
import { toError } from './to-error.ts'

export interface RotatingFileOptions {
  /** The file written to; older ones are `<path>.1`, `<path>.2` and so on. */
  readonly path: string
  readonly maxBytes?: number
  /** Files kept, the current one included. */
  readonly maxFiles?: number
  /** Told once when writing starts to fail, since a log cannot log it. */
  readonly onFailure?: (error: Error) => void
}

export interface RotatingFile extends LogSink {
  close(): void
}

/**
 * A log file that never grows beyond a size. Writes are synchronous, so the last line before a crash is there; a line
 * costs microseconds. Only the user can read it.
 */
export function createRotatingFile(options: RotatingFileOptions): RotatingFile {
  const { path, maxBytes = 5 * 1024 * 1024, maxFiles = 4, onFailure } = options
  let file: number | undefined
  let size = 0
  let failing = false
  let closed = false

  function open(): number {
    if (file !== undefined) return file
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const opened = openSync(path, 'a', 0o600)
    size = fstatSync(opened).size
    file = opened
    return opened
  }

  function closeFile(): void {
    if (file === undefined) return
    closeSync(file)
    file = undefined
  }

  function rotate(): void {
    closeFile()
    rmSync(`${path}.${String(maxFiles - 1)}`, { force: true })
    for (let at = maxFiles - 2; at >= 0; at -= 1) {
      moveIfThere(at === 0 ? path : `${path}.${String(at)}`, `${path}.${String(at + 1)}`)
    }
    if (maxFiles === 1) rmSync(path, { force: true })
  }

  return {
    write(line) {
      if (closed) return
      try {
        open()
        const bytes = Buffer.from(line)
        if (size > 0 && size + bytes.length > maxBytes) rotate()
        size += writeSync(open(), bytes)
        failing = false
      } catch (thrown) {
        // A full disk must not end the app; the next line tries again.
        if (!failing) onFailure?.(toError(thrown))
        failing = true
      }
    },
    close() {
      closed = true
      closeFile()
    },
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
  }
}
