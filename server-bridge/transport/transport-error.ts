/** Why there is no way to a workspace's SSH server. */
export type TransportErrorCode =
  /** The workspace was stopped, or started anew with another agent. */
  | 'stopped'
  /** The agent is not connected yet, or lost for the moment. */
  | 'agent_starting'
  /** No such workspace, or no right to enter it. */
  | 'not_found'
  /** The token is missing, wrong or has expired. */
  | 'signed_out'
  /** The server could not be reached, or the connection broke while it was set up. */
  | 'network'
  /** The deployment's command line is on its way to this computer. */
  | 'cli_downloading'
  /** The deployment's command line cannot be used until the user or an administrator changes something. */
  | 'cli_unusable'
  /** The server said no for another reason, or is none of ours. */
  | 'refused'
  /** The caller gave up. */
  | 'aborted'

/** `message` is a sentence for people; it never holds a token. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly code: TransportErrorCode

  constructor(code: TransportErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options)
    this.code = code
  }
}
