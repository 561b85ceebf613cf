/** What the OAuth2 provider of a deployment says instead of giving a token. */

/** Formats (bidi, zero width), lone surrogates, private use: a text from outside looks like what it is. */
const invisible = /[\p{Cf}\p{Cs}\p{Co}]/gu
const blank = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu
const maxDescription = 300

/** Codes that say nothing about what was asked for, only about the moment (RFC 6749, section 4.1.2.1). */
const passing: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable'])

/** The provider understood and said no. The message is a sentence without any secret. */
export class OAuth2Refusal extends Error {
  override readonly name = 'OAuth2Refusal'
  /** Such as `invalid_grant`. */
  readonly code: string
  /** Whether the same may be answered differently later. */
  readonly isPassing: boolean

  /**
   * @param secrets what was sent, which a server may repeat.
   */
  constructor(code: string, description: string | undefined, secrets: readonly string[] = []) {
    const said = cleaned(description ?? '', secrets)
    super(said === '' ? `The deployment refused the sign-in (${code}).` : `The deployment says: ${said}`)
    this.code = code
    this.isPassing = passing.has(code)
  }
}

function cleaned(text: string, secrets: readonly string[]): string {
  const plain = text.slice(0, 4096).replaceAll(invisible, '').replaceAll(blank, ' ').trim()
  const masked = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), plain)
  return masked.length > maxDescription ? `${masked.slice(0, maxDescription - 1)}…` : masked
}
