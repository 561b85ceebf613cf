import type { Agent } from 'node:http'

/** How sockets of one deployment are opened, where the system's plain way is not enough. */
export interface SocketNetwork {
  /**
   * Asked before every attempt.
   *
   * @throws a `ConnectionError` with a sentence.
   */
  prepare(url: string): Promise<SocketWay>
  /** What a failed handshake says, in a sentence where TLS is to blame. */
  explain(thrown: unknown): unknown
}

/** The way for one attempt. */
export interface SocketWay {
  /** Makes the connection: through proxies, with the certificates that are set. */
  readonly agent: Agent
  /** To be sent beside the socket's own. */
  readonly headers: Readonly<Record<string, string>>
  /** Does what can be done about a failure, and tells whether another attempt has a chance now. */
  recover(failure: SocketFailure): Promise<boolean>
}

export type SocketFailure =
  | { readonly error: unknown }
  | { readonly status: number; readonly headers: Readonly<Record<string, string | string[] | undefined>> }
