/** One connection of a tunnel, from whoever connected to where it leads. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { TunnelEnd } from '../../contract/tunnels.ts'
import type { Clock } from '../../lib/clock.ts'
import { joinChannel, type JoinableChannel } from '../../lib/join-channel.ts'
import { toError } from '../../lib/to-error.ts'
import { ChannelRefusedError, openChannel } from './open-channel.ts'
import { createSocksParser, socksAnswer, socksReplies, type SocksTarget } from './socks5.ts'
import type { TunnelReport } from './tunnel-report.ts'
import type { OpenLink, WorkspaceLink } from './workspace-link.ts'

export interface ConnectionContext {
  readonly link: WorkspaceLink
  readonly report: TunnelReport
  readonly clock: Clock
  /** Where it leads; `null`: the client says so by SOCKS5. */
  readonly target: TunnelEnd | null
  /** Slots for connections that wait for the workspace. */
  readonly waiting: { count: number }
}

/** A workspace that is back within this does not cost a client its connection. */
const waitMs = 8000
const maxWaiting = 64
/** A SOCKS client that says nothing is let go. */
const socksTimeoutMs = 10_000

/** Serves a connection to its end. Nothing was read of it yet. */
export async function serveConnection(socket: Socket, context: ConnectionContext): Promise<void> {
  const { report, target } = context
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  report.opened()
  socket.once('close', () => report.closed())
  if (target !== null) {
    await lead(socket, target, { ...context, gone: gone.signal, onRefused: () => reset(socket) })
    return
  }
  const asked = await readSocksRequest(socket, context)
  if (asked === undefined) return
  await lead(
    socket,
    { kind: 'tcp', ...asked },
    {
      ...context,
      gone: gone.signal,
      onOpen: () => socket.write(socksAnswer(socksReplies.succeeded)),
      onRefused: (error) => {
        const reply = error instanceof ChannelRefusedError ? error.reply : socksReplies.hostUnreachable
        endWith(socket, socksAnswer(reply))
      },
    },
  )
}

interface Way extends ConnectionContext {
  readonly gone: AbortSignal
  readonly onOpen?: () => void
  readonly onRefused: (error: Error) => void
}

async function lead(socket: Socket, target: TunnelEnd, way: Way): Promise<void> {
  const { link, report, waiting, gone } = way
  try {
    const open = await waitForLink(link, waiting, gone)
    const channel = await openChannel(open, target)
    if (gone.aborted) {
      channel.close()
      return
    }
    way.onOpen?.()
    join(channel, socket, { open, report })
  } catch (thrown) {
    if (gone.aborted) return
    const error = toError(thrown)
    report.problem(error.message)
    way.onRefused(error)
  }
}

async function waitForLink(
  link: WorkspaceLink,
  waiting: { count: number },
  gone: AbortSignal,
): Promise<OpenLink> {
  if (link.state.kind === 'open') return link.state.link
  if (waiting.count >= maxWaiting)
    throw new Error(`More than ${String(maxWaiting)} connections wait for the workspace.`)
  waiting.count += 1
  try {
    return await link.whenOpen(waitMs, gone)
  } finally {
    waiting.count -= 1
  }
}

/** Ties both together. A broken connection to the workspace must not look like a good end of what was sent. */
export function join(
  channel: JoinableChannel,
  socket: Socket,
  { open, report }: { readonly open: OpenLink; readonly report: TunnelReport },
): void {
  const forget = open.onBreak(() => {
    report.problem('The connection to the workspace was lost while this tunnel was in use.')
    reset(socket)
  })
  socket.once('close', forget)
  joinChannel(channel, socket, open.load, report.counts)
}

/** Ends it so that its peer sees a failure and no end. */
function reset(socket: Socket): void {
  // Only plain TCP has a reset; over a socket file or TLS a cut says as much.
  if (!(socket instanceof TLSSocket) && socket.remoteAddress !== undefined) socket.resetAndDestroy()
  else socket.destroy()
}

function endWith(socket: Socket, lastWord: Buffer): void {
  socket.end(lastWord)
  // What else it says is of no interest, and unread it would turn the answer into a reset.
  socket.resume()
  socket.once('finish', () => socket.destroySoon())
}

/** `undefined`: refused, or gone. */
function readSocksRequest(
  socket: Socket,
  { clock, report }: Pick<ConnectionContext, 'clock' | 'report'>,
): Promise<SocksTarget | undefined> {
  const parse = createSocksParser()
  return new Promise((resolve) => {
    const finish = (target: SocksTarget | undefined): void => {
      cancel()
      socket.off('data', onData)
      socket.off('close', onGone)
      socket.off('end', onEnd)
      socket.pause()
      resolve(target)
    }
    const refuse = (problem: string, answer?: Buffer): void => {
      report.problem(problem)
      finish(undefined)
      if (answer === undefined) socket.destroy()
      else endWith(socket, answer)
    }
    const onData = (chunk: Buffer): void => {
      const step = parse(chunk)
      if (step.kind === 'refuse') {
        refuse(step.problem, step.answer)
        return
      }
      if (step.answer !== undefined) socket.write(step.answer)
      if (step.kind === 'more') return
      finish(step.target)
      if (step.rest.length > 0) socket.unshift(step.rest)
    }
    const onGone = (): void => finish(undefined)
    const onEnd = (): void => void socket.destroy()
    const cancel = clock.after(socksTimeoutMs, () =>
      refuse('A SOCKS client did not say where to connect to.'),
    )
    socket.on('data', onData)
    socket.once('close', onGone)
    socket.once('end', onEnd)
    socket.resume()
  })
}
