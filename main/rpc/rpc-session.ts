/** One page's calls: checks every message, runs handlers, and ends everything when the page goes. */
import { z } from 'zod'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { rendererToMainSchema, requestMaxBytes, type WireError } from '#ipc/envelope'
import { createTokenBucket, type TokenBucket } from '../lib/token-bucket.ts'
import { isPlainData } from './plain-data.ts'
import type { Procedure } from './procedure-table.ts'
import type { RpcTransport } from './transport.ts'
import { routerFailure, toWireError } from './wire-failure.ts'

export interface RpcLimits {
  /** Calls a page may make in one burst, and each second in the long run. */
  readonly burst: number
  readonly perSecond: number
  /** Calls and subscriptions that may be open at once. */
  readonly open: number
}

/** Whether this page may make a call; `input` fits the contract. */
export type MayCall = (procedure: string, input: unknown) => boolean

export interface RpcSessionDeps {
  readonly procedures: ReadonlyMap<string, Procedure>
  readonly transport: RpcTransport
  readonly limits: RpcLimits
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Logger
  /** Development and tests: an output that does not fit the contract is an error. */
  readonly checkOutputs: boolean
  /** Left out: every call. */
  readonly mayCall?: MayCall | undefined
}

const idOnlySchema = z.looseObject({ id: z.int().min(1) })

/** A page's session. It lives as long as the transport, or until `close`. */
export class RpcSession {
  readonly #deps: RpcSessionDeps
  readonly #open = new Map<number, AbortController>()
  readonly #bucket: TokenBucket
  readonly #unlisten: (() => void)[]
  #closed = false
  /** So that a page in a loop fills the window's budget once, not the log. */
  #saidTooMany = false

  constructor(deps: RpcSessionDeps) {
    this.#deps = deps
    this.#bucket = createTokenBucket({
      capacity: deps.limits.burst,
      refillPerSecond: deps.limits.perSecond,
      clock: deps.clock,
    })
    this.#unlisten = [
      deps.transport.onMessage((message, bytes) => this.#receive(message, bytes)),
      deps.transport.onClose(() => this.close()),
    ]
  }

  /** Cancels all that runs. Nothing is sent any more. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stop of this.#unlisten) stop()
    for (const controller of this.#open.values()) controller.abort()
    this.#open.clear()
  }

  #receive(message: unknown, bytes: number): void {
    if (this.#closed) return
    if (bytes > requestMaxBytes) {
      this.#refuse(message, routerFailure('payload_too_large', 'This is too much to send at once.'))
      return
    }
    const parsed = isPlainData(message) ? rendererToMainSchema.safeParse(message) : undefined
    if (parsed?.success !== true) {
      this.#refuse(
        message,
        routerFailure('invalid_input', 'Main did not understand a request of this window.'),
      )
      return
    }
    if (parsed.data.type === 'cancel') this.#cancel(parsed.data.id)
    else this.#call(parsed.data.id, parsed.data.procedure, parsed.data.input)
  }

  /** Answers a message that is no request, where it at least says which one it wants to be. */
  #refuse(message: unknown, error: WireError): void {
    // Out of the same budget as calls: a page that only sends nonsense must not fill the log instead.
    if (!this.#bucket.take()) {
      this.#noteTooMany(error)
      return
    }
    this.#deps.logger.warn('A window sent a request that was refused', {
      windowId: this.#deps.transport.windowId,
      code: error.code,
      traceId: error.traceId,
    })
    const id = idOnlySchema.safeParse(message)
    if (id.success && !this.#open.has(id.data.id)) this.#fail(id.data.id, error)
  }

  #cancel(id: number): void {
    const controller = this.#open.get(id)
    if (controller === undefined) return
    this.#open.delete(id)
    controller.abort()
    this.#fail(id, routerFailure('cancelled', 'The request was cancelled.'))
  }

  #call(id: number, name: string, input: unknown): void {
    const hasBudget = this.#bucket.take()
    if (this.#open.has(id)) {
      // Two answers to one id would be worse than none: the first call keeps it.
      if (hasBudget)
        this.#deps.logger.warn('A window used a request id twice', {
          windowId: this.#deps.transport.windowId,
        })
      return
    }
    if (!hasBudget || this.#open.size >= this.#deps.limits.open) {
      this.#refuseTooMany(id)
      return
    }
    const procedure = this.#deps.procedures.get(name)
    if (procedure === undefined) {
      this.#fail(
        id,
        routerFailure('unknown_procedure', 'This window and Outpost do not fit together. Reload it.'),
      )
      return
    }
    const parsed = procedure.definition.input.safeParse(input)
    if (!parsed.success) {
      const error = routerFailure('invalid_input', 'Outpost did not accept these values.')
      this.#deps.logger.warn('A request did not fit the contract', {
        procedure: name,
        traceId: error.traceId,
      })
      // Paths and rules only: zod's issues can quote the value, which may be a token.
      this.#fail(id, { ...error, details: { issues: parsed.error.issues.map(describeIssue) } })
      return
    }
    if (this.#deps.mayCall?.(name, parsed.data) === false) {
      this.#refuseForeign(id, name)
      return
    }
    const controller = new AbortController()
    this.#open.set(id, controller)
    void this.#run(id, procedure, parsed.data, controller.signal)
  }

  /** The same answer as for a procedure that there is not: to this page there is none. */
  #refuseForeign(id: number, procedure: string): void {
    const error = routerFailure('unknown_procedure', 'This window has no such request.')
    this.#deps.logger.warn('A window asked for what is not its own', {
      windowId: this.#deps.transport.windowId,
      procedure,
      traceId: error.traceId,
    })
    this.#fail(id, error)
  }

  #refuseTooMany(id: number): void {
    const error = routerFailure(
      'too_many_requests',
      'This window asks for too much at once. Try again in a moment.',
    )
    this.#noteTooMany(error)
    this.#fail(id, error)
  }

  #noteTooMany({ traceId }: WireError): void {
    if (this.#saidTooMany) return
    this.#saidTooMany = true
    this.#deps.logger.warn('A window reached its request limit', {
      windowId: this.#deps.transport.windowId,
      traceId,
    })
  }

  async #run(id: number, procedure: Procedure, input: unknown, signal: AbortSignal): Promise<void> {
    const isOpen = (): boolean => !signal.aborted && !this.#closed
    try {
      const call = { signal, windowId: this.#deps.transport.windowId }
      if (procedure.definition.kind === 'subscription') {
        const outputs = procedure.run(input, call) as AsyncIterable<unknown>
        for await (const output of outputs) {
          if (!isOpen()) return
          this.#deps.transport.send({ type: 'next', id, output: this.#checked(procedure, output) })
        }
        if (isOpen()) this.#deps.transport.send({ type: 'done', id })
      } else {
        const output = this.#checked(procedure, await procedure.run(input, call))
        if (isOpen()) this.#deps.transport.send({ type: 'result', id, output })
      }
    } catch (thrown) {
      // A cancelled call fails in whatever it was waiting for: that is how it ends.
      if (!isOpen()) this.#noteLate(procedure, thrown)
      else this.#fail(id, toWireError(thrown, procedure, this.#deps.logger))
    } finally {
      if (!signal.aborted) this.#open.delete(id)
    }
  }

  #noteLate(procedure: Procedure, thrown: unknown): void {
    const { name, message } = toError(thrown)
    this.#deps.logger.debug('A cancelled call ended', {
      procedure: procedure.name,
      reason: `${name}: ${message}`,
    })
  }

  #checked(procedure: Procedure, output: unknown): unknown {
    if (!this.#deps.checkOutputs) return output
    const parsed = procedure.definition.output.safeParse(output)
    if (parsed.success) return output
    const where = parsed.error.issues
      .map((issue) => `${describeIssue(issue).path}: ${issue.message}`)
      .join('; ')
    throw new TypeError(`The answer of ${procedure.name} does not fit the contract: ${where}`)
  }

  #fail(id: number, error: WireError): void {
    if (!this.#closed) this.#deps.transport.send({ type: 'error', id, error })
  }
}

function describeIssue(issue: z.core.$ZodIssue): { path: string; rule: string } {
  return { path: issue.path.map(String).join('.'), rule: issue.code }
}
