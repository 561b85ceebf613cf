/** Bytes that were worked off before credit goes back; the contract's module would bring its schemas into the window. */
const ackStep = 256 * 1024
/** Same as `desktopInputMaxBytes`. */
const inputMaxBytes = 64 * 1024

export interface ChannelPorts {
  readonly send: (bytes: Uint8Array<ArrayBuffer>) => void
  readonly acknowledge: (bytes: number) => void
}

type Listener<E> = ((event: E) => void) | null

/**
 * One connection to a desktop in the shape of an RTCDataChannel, which is what a viewer library takes in place of a socket
 * of its own. It is open from the start; what comes before somebody listens is kept.
 */
export class DesktopChannel {
  binaryType = 'arraybuffer'
  readonly protocol = ''
  readyState: 'open' | 'closed' = 'open'
  onopen: Listener<unknown> = null
  onclose: Listener<{ readonly code: number; readonly reason: string }> = null
  onerror: Listener<unknown> = null
  readonly #ports: ChannelPorts
  #listener: Listener<{ readonly data: ArrayBuffer }> = null
  #early: Uint8Array[] = []
  #owed = 0
  #isOver = false

  constructor(ports: ChannelPorts) {
    this.#ports = ports
  }

  get onmessage(): Listener<{ readonly data: ArrayBuffer }> {
    return this.#listener
  }

  set onmessage(listener: Listener<{ readonly data: ArrayBuffer }>) {
    this.#listener = listener
    // The library goes on with its own set-up after this line.
    queueMicrotask(() => {
      for (const bytes of this.#early.splice(0)) this.receive(bytes)
    })
  }

  /** The viewer's bytes. It uses its buffer again, so they are copied. */
  send(data: Uint8Array): void {
    if (this.#isOver) return
    const bytes = new Uint8Array(data)
    for (let start = 0; start < bytes.length; start += inputMaxBytes)
      this.#ports.send(bytes.slice(start, start + inputMaxBytes))
  }

  /** The viewer wants no more, and hears that it is over. */
  close(): void {
    this.end()
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    // As with a socket: whoever closes it is still in the middle of that.
    queueMicrotask(() => this.onclose?.({ code: 1000, reason: '' }))
  }

  /** The desktop's bytes. */
  receive(bytes: Uint8Array): void {
    if (this.#isOver) return
    if (this.#listener === null || this.#early.length > 0) {
      this.#early.push(bytes)
      return
    }
    try {
      this.#listener({ data: toBuffer(bytes) })
    } catch {
      // More than the viewer takes in at once, or nothing that it knows: the rest has no beginning any more.
      this.close()
      return
    }
    this.#owed += bytes.length
    if (this.#owed < ackStep) return
    const owed = this.#owed
    this.#owed = 0
    this.#ports.acknowledge(owed)
  }

  /**
   * Nothing comes or goes any more. The viewer is not told: it would take that for an error, and whoever shows it takes it
   * away.
   */
  end(): void {
    this.#isOver = true
    this.#early = []
  }
}

/** The bytes alone: what a port hands over may lie in a larger buffer. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) return buffer
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
}
