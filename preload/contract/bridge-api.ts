/**
 * What the preload script puts on `window.bridge`: one duplex and frozen facts. The terminal port is transferred into
 * the page by `window.postMessage` with the nonce the page asked with; it is never a function on this object.
 */
import type { MainToRenderer, RendererToMain } from './envelope.ts'

export interface BridgeFacts {
  readonly platform: 'linux' | 'darwin' | 'win32'
  readonly appVersion: string
  /** True where the window draws its own title bar and the system overlays the controls. */
  readonly customTitleBar: boolean
  /** Development or a test: outputs are parsed, violations throw. */
  readonly packaged: boolean
}

export interface WindowBridge {
  readonly facts: BridgeFacts
  /** Sends one request to main. */
  send(message: RendererToMain): void
  /** Takes over all answers; there is one listener. Returns the function that removes it. */
  onMessage(listener: (message: MainToRenderer) => void): () => void
  /**
   * Asks main for a byte port to the bridge process. It arrives as a `message` event on `window` whose data is
   * `{ type: 'outpost-bridge-port', nonce }` with one port, now and again after each restart of the bridge.
   */
  requestBridgePort(nonce: string): void
  /**
   * Tells main which files the user dropped (`File` objects of a `drop` event); their paths stay outside of the page. The
   * answer is the `dropId` for `files.takeDropped`.
   */
  dropFiles(files: readonly object[]): string
}

export const bridgePortMessageType = 'outpost-bridge-port'
