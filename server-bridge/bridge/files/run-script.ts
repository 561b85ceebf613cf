/**
 * Runs a script of ours on the workspace. The command line is the same for all and holds nothing of anybody: login shells
 * quote in different ways, and every user of a machine can read it. The script is the first line of the input.
 */
import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { toError } from '../../lib/to-error.ts'
import { FilesFailure } from './files-failure.ts'
import { cancelled } from './place-connection.ts'
import { bytesOfName } from './sftp/remote-names.ts'

const command = `exec sh -c 'IFS= read -r script; eval "$script"'`
const errorMaxBytes = 16 * 1024

export interface RunningScript {
  /** What it prints, from its own first byte on: what a login shell's files print before is left out. */
  readonly output: AsyncIterable<Buffer>
  /** Standard error so far, cut. */
  readonly errors: () => string
  readonly onErrors: (listener: () => void) => void
  write(bytes: Uint8Array | string): void
  endInput(): void
  /** The exit code, `null` after a signal, a lost connection or `stop`. */
  readonly ended: Promise<number | null>
  /**
   * Ends it, as far as the workspace lets anybody: not every server passes a signal on, and none tells of the end before
   * the program has ended. So output and `ended` are over at once. After `endInput` no signal is sent any more.
   */
  stop(): void
}

/**
 * Starts it.
 *
 * @param script POSIX shell, one line: words from outside by {@link shellWord}.
 * @throws {FilesFailure} `not_available` where commands cannot be run
 */
export async function startScript(ssh: Client, script: string, signal: AbortSignal): Promise<RunningScript> {
  if (script.includes('\n')) throw new TypeError('A script is one line.')
  const channel = await openChannel(ssh)
  const mark = randomBytes(16).toString('hex')
  let errors = ''
  let errorListener: (() => void) | undefined
  channel.stderr.on('data', (chunk: Buffer) => {
    if (errors.length < errorMaxBytes) errors += chunk.toString('utf8')
    errorListener?.()
  })
  channel.on('error', () => undefined)
  channel.stdin.on('error', () => undefined)
  let code: number | null = null
  channel.on('exit', (status: number | null) => {
    code = status
  })
  let end: (code: number | null) => void = () => undefined
  const ended = new Promise<number | null>((resolve) => {
    end = resolve
  })
  channel.once('close', () => {
    signal.removeEventListener('abort', stop)
    end(code)
  })
  const output = channel.pipe(new PassThrough())
  const stop = (): void => {
    channel.signal('TERM')
    channel.destroy()
    output.destroy()
    // What still comes is nobody's, and the end of the channel stands behind it.
    channel.resume()
    end(null)
  }
  signal.addEventListener('abort', stop, { once: true })
  channel.write(`printf ${mark}; ${script}\n`)
  if (signal.aborted) stop()
  return {
    output: explained(afterMark(output, mark), signal),
    errors: () => errors,
    onErrors: (listener) => {
      errorListener = listener
    },
    write: (bytes) => void channel.write(bytes),
    endInput: () => channel.end(),
    ended,
    stop,
  }
}

/** Runs one to its end, without any input. @throws {FilesFailure} `cancelled`, `not_available`; what `onOutput` throws */
export async function runScript(
  ssh: Client,
  script: string,
  signal: AbortSignal,
  onOutput: (chunk: Buffer) => void | Promise<void>,
): Promise<{ readonly code: number | null; readonly errors: string }> {
  // By the script itself and not by an end of ours, after which the library sends no signal.
  const running = await startScript(ssh, `exec </dev/null; ${script}`, signal)
  try {
    for await (const chunk of running.output) await onOutput(chunk)
  } catch (thrown) {
    running.stop()
    throw thrown
  }
  const code = await running.ended
  if (signal.aborted) throw cancelled()
  return { code, errors: running.errors() }
}

function openChannel(ssh: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const refuse = (thrown: unknown): void => {
      reject(new FilesFailure('not_available', `The workspace runs no commands: ${toError(thrown).message}`))
    }
    try {
      ssh.exec(command, (error, channel) => {
        if (error === undefined) resolve(channel)
        else refuse(error)
      })
    } catch (thrown) {
      // The library throws once its stream has ended.
      refuse(thrown)
    }
  })
}

async function* explained(output: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* output
  } catch (thrown) {
    if (signal.aborted) throw cancelled()
    if (thrown instanceof FilesFailure) throw thrown
    throw new FilesFailure('disconnected', 'The connection to the workspace was lost. Try again.')
  }
}

/** More than a login shell's files print. */
const prefaceMaxBytes = 256 * 1024

async function* afterMark(output: AsyncIterable<Buffer>, mark: string): AsyncGenerator<Buffer> {
  let preface: Buffer | null = Buffer.alloc(0)
  for await (const raw of output) {
    if (preface === null) {
      yield raw
      continue
    }
    preface = Buffer.concat([preface, raw])
    const at = preface.indexOf(mark)
    if (at === -1) {
      if (preface.length > prefaceMaxBytes) break
      continue
    }
    const rest = preface.subarray(at + mark.length)
    preface = null
    if (rest.length > 0) yield rest
  }
  if (preface !== null) {
    throw new FilesFailure(
      'not_available',
      'The workspace has no shell that can run this. It needs a POSIX “sh”.',
    )
  }
}

/**
 * One word of a script. Bytes beyond printable ASCII go through `printf`, so that neither the shell's locale nor its
 * parser matters.
 *
 * @throws {FilesFailure} `name_not_usable` for what a shell cannot hand over
 */
export function shellWord(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  if (text.includes('\0') || text.endsWith('\n')) {
    throw new FilesFailure('name_not_usable', 'A name that ends in a line break cannot be used for this.')
  }
  const escaped = [...bytesOfName(text)]
    .map((byte) => String.raw`\0${byte.toString(8).padStart(3, '0')}`)
    .join('')
  return `"$(printf '%b' '${escaped}')"`
}

/** Cuts a stream at these bytes by turns, with a bound on what stands between two. */
export function createSplitter(
  bytes: readonly [number, ...number[]],
  maxBytes: number,
): { push(chunk: Buffer): readonly Buffer[] } {
  let waiting: Buffer[] = []
  let length = 0
  let turn = 0
  const take = (): Buffer => {
    const whole = Buffer.concat(waiting, length)
    waiting = []
    length = 0
    return whole
  }
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, maxBytes - length)
    if (kept.length > 0) waiting.push(kept)
    length += kept.length
  }
  return {
    push(chunk) {
      const records: Buffer[] = []
      let from = 0
      for (;;) {
        const at = chunk.indexOf(bytes[turn] ?? bytes[0], from)
        if (at === -1) break
        keep(chunk.subarray(from, at))
        records.push(take())
        from = at + 1
        turn = (turn + 1) % bytes.length
      }
      keep(chunk.subarray(from))
      return records
    },
  }
}
