/** How much passes between here and a workspace, one direction after the other, bounded in bytes and time. */
import type { Client, ClientChannel } from 'ssh2'
import { speedMaxBytes, speedMaxMs } from '../../contract/workspace-probe.ts'
import type { Clock } from '../../lib/clock.ts'
import { openChannel } from './open-channel.ts'

/** Bytes that arrived so far, and the milliseconds since the first could. */
export interface Amount {
  readonly bytes: number
  readonly ms: number
}

export interface SpeedOptions {
  readonly ssh: Client
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Smaller in tests. */
  readonly maxBytes?: number
  readonly maxMs?: number
  readonly onAmount: (amount: Amount) => void
}

const chunk = Buffer.alloc(64 * 1024)
/** What still lies in buffers on the way when the time is over may take this long to arrive. */
const drainMs = 10_000

/** From the workspace to here. @throws {Error} with a sentence. */
export async function measureDownload(options: SpeedOptions): Promise<Amount> {
  const { ssh, clock, signal, maxBytes = speedMaxBytes, maxMs = speedMaxMs, onAmount } = options
  const channel = await openChannel(ssh, `head -c ${String(maxBytes)} /dev/zero`, signal)
  const startedAt = performance.now()
  let bytes = 0
  let lastAt = startedAt
  channel.on('data', (data: Buffer) => {
    bytes += data.length
    lastAt = performance.now()
    onAmount({ bytes, ms: lastAt - startedAt })
  })
  const stop = clock.after(maxMs, () => {
    channel.destroy()
  })
  await ended(channel, signal).finally(stop)
  if (bytes === 0) throw new Error('The workspace sent nothing: a speed test needs a Unix shell with head.')
  return { bytes, ms: lastAt - startedAt }
}

/** From here to the workspace, which tells how much arrived. @throws {Error} with a sentence. */
export async function measureUpload(options: SpeedOptions): Promise<Amount> {
  const { ssh, clock, signal, maxBytes = speedMaxBytes, maxMs = speedMaxMs, onAmount } = options
  const channel = await openChannel(ssh, 'wc -c', signal)
  let told = ''
  channel.on('data', (data: Buffer) => {
    told = (told + data.toString('latin1')).slice(0, 64)
  })
  const startedAt = performance.now()
  await send(channel, {
    maxBytes,
    isOver: () => signal.aborted || performance.now() - startedAt >= maxMs,
    onSent: (bytes) => {
      onAmount({ bytes, ms: performance.now() - startedAt })
    },
  })
  const stop = clock.after(drainMs, () => {
    channel.destroy()
  })
  await ended(channel, signal).finally(stop)
  const arrived = /^\s*(\d{1,12})\s*$/.exec(told)?.[1]
  if (arrived === undefined) {
    throw new Error('The workspace did not tell what arrived: a speed test needs a Unix shell with wc.')
  }
  return { bytes: Number(arrived), ms: performance.now() - startedAt }
}

interface Sending {
  readonly maxBytes: number
  readonly isOver: () => boolean
  readonly onSent: (bytes: number) => void
}

/** Writes as fast as the channel takes it, and ends it. */
async function send(channel: ClientChannel, { maxBytes, isOver, onSent }: Sending): Promise<void> {
  let sent = 0
  while (sent < maxBytes && !isOver() && channel.writable) {
    const piece = chunk.subarray(0, Math.min(chunk.length, maxBytes - sent))
    sent += piece.length
    if (!channel.write(piece)) await drained(channel)
    onSent(sent)
  }
  channel.end()
}

function drained(channel: ClientChannel): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      channel.off('drain', done)
      channel.off('close', done)
      resolve()
    }
    channel.once('drain', done)
    channel.once('close', done)
  })
}

/** @throws what the signal was aborted with. */
async function ended(channel: ClientChannel, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (channel.destroyed) resolve()
    else channel.once('close', resolve)
  })
  signal.throwIfAborted()
}
