/**
 * The part of noVNC that the app uses (its docs/API.md). The types that are published for it are those of another way to
 * import it.
 */
declare module '@novnc/novnc' {
  /** Puts a canvas for the desktop into the element; `channel` takes the place of a WebSocket. */
  export default class NoVnc extends EventTarget {
    constructor(parent: Element, channel: RTCDataChannel, options?: { readonly shared?: boolean })
    /** Neither keys nor the pointer are sent. */
    viewOnly: boolean
    /** The desktop is made smaller, or larger, to fit the element. */
    scaleViewport: boolean
    /** CSS of what is around the desktop. */
    background: string
    focus(options?: FocusOptions): void
    disconnect(): void
  }
}
