/** Where a connection's address and token come from. Local and remote deployments differ in this only. */
import type { DeploymentState } from '#ipc/deployments'

export type Credentials =
  /** An empty token: the client's certificate is what signs in. */
  | {
      readonly kind: 'ready'
      readonly url: string
      readonly token: string
      /** Where tokens are renewed: the same for all of one sign-in. */
      readonly signInId?: string | undefined
    }
  /** Not to be had now; `state` says why. The source tells when that changes. */
  | { readonly kind: 'unavailable'; readonly state: DeploymentState }

export interface CredentialSource {
  /** The address as far as it is known; empty when not. */
  url(): string
  load(): Promise<Credentials>
  /** The server refused the token. True when another one can be had by `load`. */
  refused(token: string): Promise<boolean>
  /** Address or token may have changed: connect anew. */
  onChange(listener: () => void): () => void
}
