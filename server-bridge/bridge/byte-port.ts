/** A window's MessagePort as the bridge uses it, whichever of the two kinds it is. */

export interface BytePort {
  post(message: unknown): void
  /** Starts delivery; there is one listener. */
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** What Electron's `MessagePortMain` and Node's `MessagePort` have in common. */
interface EmittingPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: unknown) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/**
 * Electron hands over an event with the message in `data`, Node's worker threads the message itself.
 *
 * @throws {TypeError} when `port` is no port.
 */
export function asBytePort(port: unknown): BytePort {
  if (!isEmittingPort(port)) throw new TypeError('The window was attached without a port.')
  return {
    post: (message) => {
      port.postMessage(message)
    },
    onMessage: (listener) => {
      port.on('message', (event) => {
        listener(isElectronEvent(event) ? event.data : event)
      })
      port.start()
    },
    onClose: (listener) => {
      port.on('close', listener)
    },
    close: () => {
      port.close()
    },
  }
}

function isEmittingPort(port: unknown): port is EmittingPort {
  return typeof port === 'object' && port !== null && 'postMessage' in port && 'on' in port && 'start' in port
}

function isElectronEvent(event: unknown): event is { readonly data: unknown } {
  return typeof event === 'object' && event !== null && 'data' in event && 'ports' in event
}
