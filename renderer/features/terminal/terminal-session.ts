import type { TerminalState } from '#bridge/contract/bridge-port'
import type { BridgePort, FromBridge } from '../../api/bridge-port.ts'
import type { TerminalScreen } from './screen.ts'
import { ackBytes, createAckCounter, inputMaxChars, splitInput, type AckCounter } from './terminal-bytes.ts'
import { isTyped } from './typed-input.ts'

/** Which shell a session shows. `terminalId` is the reconnect id: the same one is the same shell. */
export interface TerminalTarget {
  readonly terminalId: string
  readonly deploymentId: string
  readonly agentId: string
  readonly command: string
  /** It may have run before this window knew of it, so the server may send what it printed again. */
  readonly hasPast: boolean
}

/** `bridge-lost`: the process that carries terminals is starting again; shells live on the server meanwhile. */
export type SessionState = TerminalState | { readonly kind: 'bridge-lost' }

/** A server sends its recent output again within this time after a connection. */
const replayMs = 1000

/** What happened to a session besides its state. */
export interface SessionNews {
  /** Printed while no view showed it. */
  readonly hasOutput: boolean
  /** When it last re-joined its shell after the link was lost, epoch milliseconds. */
  readonly rejoinedAt: number | undefined
}

export const noNews: SessionNews = { hasOutput: false, rejoinedAt: undefined }

/** One shell: its screen, its state and the bytes between screen and bridge. Lives on while no page shows it. */
export class TerminalSession {
  readonly screen: TerminalScreen
  /** Whether its programs may write the clipboard; `undefined`: nobody was asked yet. */
  clipboardAllowed: boolean | undefined = undefined
  readonly #port: BridgePort
  readonly #undo: (() => void)[]
  readonly #listeners = new Set<() => void>()
  #state: SessionState = { kind: 'connecting', attempt: 1 }
  #credit: AckCounter
  #opened = false
  #shown = false
  /** This shell was connected before. A bridge that is itself new does not know. */
  #wasConnected = false
  #news: SessionNews = noNews
  /** A new shell has no history to replay: its first reset must not take away what the old one printed. */
  #keepsScreen = false
  #target: TerminalTarget
  #connectedAt = -Infinity

  constructor(port: BridgePort, screen: TerminalScreen, target: TerminalTarget) {
    this.#port = port
    this.screen = screen
    this.#target = target
    this.#credit = this.#newCredit()
    this.#undo = [
      port.onMessage((message) => this.#receive(message)),
      port.onConnect(() => this.#reopen()),
      port.onDisconnect(() => this.#setState({ kind: 'bridge-lost' })),
      screen.onInput((text) => {
        if (!this.#answersThePast(text)) this.#send(text)
      }),
      // Picked one by one: xterm's own event has more fields, and the bridge takes no message with more than it knows.
      screen.onResize(({ cols, rows }) => {
        if (this.#opened) port.send({ type: 'resize', terminalId: this.#target.terminalId, cols, rows })
      }),
    ]
  }

  state = (): SessionState => this.#state

  news = (): SessionNews => this.#news

  /** What is drawn now may be a replay: what it asks of the window was asked long ago. */
  isReplaying = (): boolean => performance.now() - this.#connectedAt < replayMs

  /** A view shows it from now on; the returned function says that it does so no more. */
  show(): () => void {
    this.#shown = true
    if (this.#news.hasOutput) this.#setNews({ ...this.#news, hasOutput: false })
    return () => {
      this.#shown = false
    }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Opens the shell once the screen has its real size; more calls change nothing. */
  open(): void {
    if (this.#opened) return
    this.#opened = true
    this.#reopen()
  }

  /** Tries again at once: now instead of at the next try, or after a failure. */
  retry(): void {
    if (this.#state.kind === 'waiting') {
      this.#port.send({ type: 'retry-now', terminalId: this.#target.terminalId })
    } else this.#reopen()
  }

  /** Leaves this shell for a new one on the same screen; what was printed before stays above it. */
  replace(target: TerminalTarget): void {
    this.#port.send({ type: 'close', terminalId: this.#target.terminalId })
    this.#target = target
    this.#keepsScreen = true
    this.#wasConnected = false
    this.#setNews(noNews)
    this.screen.startNewShell()
    this.#reopen()
  }

  /** Holds until the terminal is closed. */
  allowClipboard(allowed: boolean): void {
    this.clipboardAllowed = allowed
  }

  /** Sends text as if it was typed here. */
  input(text: string): void {
    this.#send(text)
  }

  /** Detaches and forgets. */
  close(): void {
    for (const undo of this.#undo) undo()
    this.#port.send({ type: 'close', terminalId: this.#target.terminalId })
    this.screen.dispose()
    this.#listeners.clear()
  }

  /**
   * A screen answers what programs ask of it. In a replay the program asked long ago and may have ended: its answer would
   * be typed at the prompt. A shell that is new and asks at its start must get one.
   */
  #answersThePast(text: string): boolean {
    return this.#target.hasPast && this.isReplaying() && !isTyped(text)
  }

  #reopen(): void {
    if (!this.#opened) return
    this.#credit = this.#newCredit()
    const { terminalId, deploymentId, agentId, command } = this.#target
    const sent = this.#port.send({
      type: 'open',
      terminalId,
      deploymentId,
      agentId,
      command,
      ...this.screen.size(),
    })
    this.#setState(sent ? { kind: 'connecting', attempt: 1 } : { kind: 'bridge-lost' })
  }

  /** Each opening starts with full credit: what an earlier one still owes must not be paid to it. */
  #newCredit(): AckCounter {
    return createAckCounter(ackBytes, (bytes) => {
      this.#port.send({ type: 'ack', terminalId: this.#target.terminalId, bytes })
    })
  }

  #receive(message: FromBridge): void {
    if (!('terminalId' in message) || message.terminalId !== this.#target.terminalId) return
    switch (message.type) {
      case 'data': {
        const credit = this.#credit
        const { byteLength } = message.bytes
        if (!this.#shown && !this.#news.hasOutput) this.#setNews({ ...this.#news, hasOutput: true })
        this.screen.write(message.bytes, () => {
          if (credit === this.#credit) credit.parsed(byteLength)
        })
        break
      }
      case 'reset':
        // The bridge counts anew from here, too: what came before it is not paid any more.
        this.#credit = this.#newCredit()
        if (this.#keepsScreen) this.#keepsScreen = false
        else this.screen.reset()
        break
      case 'state':
        if (message.state.kind === 'connected') this.#noteConnection(message.state.rejoined)
        else this.#news = { ...this.#news, rejoinedAt: undefined }
        this.#setState(message.state)
    }
  }

  #noteConnection(rejoined: boolean): void {
    this.#connectedAt = performance.now()
    if (rejoined || this.#wasConnected) {
      this.#news = { ...this.#news, rejoinedAt: Date.now() }
      this.#target = { ...this.#target, hasPast: true }
    }
    this.#wasConnected = true
  }

  #send(text: string): void {
    for (const data of splitInput(text, inputMaxChars)) {
      this.#port.send({ type: 'input', terminalId: this.#target.terminalId, data })
    }
  }

  #setState(state: SessionState): void {
    this.#state = state
    this.#tell()
  }

  #setNews(news: SessionNews): void {
    this.#news = news
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
