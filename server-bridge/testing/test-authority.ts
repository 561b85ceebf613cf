import { createSelfSigned, type SelfSigned, type SelfSignedOptions } from './self-signed.ts'

export interface TestAuthority {
  /** The authority's own certificate. */
  readonly cert: string
  issue(host: string, options?: Omit<SelfSignedOptions, 'host' | 'issuer'>): SelfSigned
}

/** An authority that lives as long as the test. */
export function createTestAuthority(name = 'Example Authority'): TestAuthority {
  const own = createSelfSigned({ host: name, isAuthority: true, isNameOnly: true })
  return {
    cert: own.cert,
    issue: (host, options = {}) =>
      createSelfSigned({ ...options, host, issuer: { host: name, key: own.key } }),
  }
}
