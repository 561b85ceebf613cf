/** What the MCP server answers, on its way to the workspace. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import { createEndpointRewriter } from './endpoint-rewriter.ts'
import { gatherAnswer } from './gather-answer.ts'
import { answerHeaders, isReadableType } from './gateway-headers.ts'
import { refuse } from './gateway-refusal.ts'
import type { SecretMasker } from './secret-masker.ts'
import { UpstreamError } from './upstream-request.ts'

/** The MCP server ended within an answer. */
export class BrokenAnswerError extends Error {
  override readonly name = 'BrokenAnswerError'
}

/** Most servers answer a message right behind the headers, and together they are one packet instead of two. */
const headersMs = 5

export interface AnswerPass {
  readonly clock: Clock
  readonly masker: SecretMasker
  /** Of whole values only. */
  readonly wholeMasker: SecretMasker
  /** Told once the answer can be passed on. */
  readonly onStatus: (status: number) => void
  /** The older transport's event stream: answers our path for the address that the server names. */
  readonly rename: ((address: string) => string) | undefined
}

/**
 * Passes an answer on to its end, as it comes.
 *
 * @throws {UpstreamError} when it is none that could be, before anything was sent; {@link BrokenAnswerError} and
 * {@link SyntaxError} later; what streams throw when the asker leaves.
 */
export async function passAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  { clock, masker, wholeMasker, onStatus, rename }: AnswerPass,
): Promise<void> {
  const status = answer.statusCode ?? 0
  const kind = kindOf(answer)
  if (kind === 'unusable') {
    answer.destroy()
    throw new UpstreamError(
      isStatus(status)
        ? 'The MCP server answered with something that is not MCP.'
        : `The MCP server answered with status ${String(status)}, which nobody knows.`,
    )
  }
  onStatus(status)
  if (kind === 'unreadable') {
    answer.destroy()
    refuse(response, { status, message: `The MCP server answered with status ${String(status)}.` })
    return
  }
  const headers = answerHeaders(answer.headers, masker.text, wholeMasker.text)
  if (kind === 'untyped' || rename !== undefined) delete headers['content-length']
  response.writeHead(status, headers)
  if (kind !== 'readable') {
    answer.resume()
    response.end()
    return
  }
  // A stream of events may be silent for long; any other body is on its way and takes the headers along.
  const isEvents = headers['content-type']?.startsWith('text/event-stream') === true
  const isAsked = response.req.method === 'POST'
  if (isEvents && !isAsked) response.flushHeaders()
  const cancel = isEvents && isAsked ? clock.after(headersMs, () => response.flushHeaders()) : undefined
  try {
    await stream(answer, response, clock, masked(masker, rename))
  } finally {
    cancel?.()
  }
}

/** `untyped`: a body that could not be looked through, and is left out. `unreadable`: one of an error, likewise. */
function kindOf({
  statusCode: status = 0,
  headers,
}: IncomingMessage): 'readable' | 'empty' | 'untyped' | 'unreadable' | 'unusable' {
  if (!isStatus(status)) return 'unusable'
  if (status === 204 || status === 304 || headers['content-length'] === '0') return 'empty'
  if (headers['content-type'] === undefined) return 'untyped'
  if (isReadableType(headers)) return 'readable'
  return status < 400 ? 'unusable' : 'unreadable'
}

/** Statuses a request may end with; redirects have been dealt with. */
function isStatus(status: number): boolean {
  return status >= 200 && status <= 599 && (status < 300 || status > 399 || status === 304)
}

type Change = Parameters<typeof gatherAnswer>[1]

/**
 * By hand, since `pipeline` makes a controller and, to end it, an error with a stack for each answer: a tenth of what a
 * call costs here.
 */
function stream(
  answer: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
  change: Change,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const gathered = gatherAnswer(clock, change, {
      pass(piece) {
        if (!response.write(piece)) answer.pause()
      },
      end: (rest) => response.end(rest),
    })
    // Either end may break off first, and takes the other one along.
    const fail = (thrown: Error): void => {
      gathered.cancel()
      reject(thrown)
      answer.destroy()
      response.destroy(thrown)
    }
    const orFail = (run: () => void): void => {
      try {
        run()
      } catch (thrown) {
        fail(toError(thrown))
      }
    }
    answer.once('error', (error) => {
      fail(
        response.destroyed
          ? error
          : new BrokenAnswerError('The answer of the MCP server broke off.', { cause: error }),
      )
    })
    answer.on('data', (chunk: Buffer) => {
      // Where all of it has been read from the socket, the end follows at once.
      orFail(() => gathered.write(chunk, answer.complete))
    })
    answer.once('end', () => {
      orFail(gathered.end)
    })
    response.on('drain', () => answer.resume())
    response.once('finish', resolve)
    response.once('close', () => {
      if (!response.writableFinished) fail(new Error('The workspace has left.'))
    })
  })
}

/** First the endpoint is renamed, whose address the workspace never sees, then values are masked. */
function masked(masker: SecretMasker, rename: AnswerPass['rename']): Change {
  const mask = masker.stream()
  const rewriter = rename === undefined ? undefined : createEndpointRewriter(rename)
  return (chunk) => {
    if (chunk === undefined) return mask.end()
    return (rewriter?.push(chunk) ?? [chunk]).flatMap((event) => mask.push(event))
  }
}
