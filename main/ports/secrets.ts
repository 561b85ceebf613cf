/** The OS keychain. Values are strings; a missing entry is `null`; trouble is a `SecretsError`, never a null. */
export interface Secrets {
  get(account: string): Promise<string | null>
  set(account: string, value: string): Promise<void>
  delete(account: string): Promise<void>
  /** Looks at the keychain without raising a prompt. */
  probe(): Promise<SecretsProbe>
  /** Raises the system's own unlock prompt where there is one, then looks again. */
  unlock(): Promise<SecretsProbe>
}

export type SecretsProbe =
  | { readonly kind: 'works'; readonly backend: string }
  | { readonly kind: 'locked'; readonly backend: string }
  | { readonly kind: 'absent'; readonly reason: string }

export class SecretsError extends Error {
  readonly code: 'locked' | 'absent' | 'failed'
  constructor(code: 'locked' | 'absent' | 'failed', message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SecretsError'
    this.code = code
  }
}
