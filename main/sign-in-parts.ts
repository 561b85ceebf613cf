/** Signing in to deployments, and staying so, put together. */
import { createOAuth2Client } from '#bridge/client/oauth2-client'
import type { Network } from '#bridge/client/network/network'
import type { ExternalLinks } from './features/app/external-links.ts'
import { createAcceptCredential } from './features/deployments/accept-credential.ts'
import { createBrowserSignIns } from './features/deployments/browser-sign-in.ts'
import type { CredentialSource } from './features/deployments/credentials.ts'
import { createPasswordSignIn } from './features/deployments/password-sign-in.ts'
import { createRemoteCredentials } from './features/deployments/remote-credentials.ts'
import { saved } from './features/deployments/saved.ts'
import { createEndSession } from './features/deployments/session-end.ts'
import { createSessionEntries } from './features/deployments/session-entries.ts'
import { createSessionRenewal } from './features/deployments/session-renewal.ts'
import { createSignIn, over } from './features/deployments/sign-in.ts'
import type { Keychain } from './features/keychain/keychain.ts'
import type { AppPorts } from './ports/app-ports.ts'

/** What every client of a deployment is made with. */
export interface ClientSurroundings extends Pick<AppPorts, 'clock' | 'logger'> {
  readonly random: () => number
  readonly userAgent: string
}

/** A renewal takes this long at most. */
const RENEWAL_MS = 30_000

/** Makes the parts around sessions of deployments. */
export function createSessionParts(client: ClientSurroundings, keychain: Keychain) {
  const { clock, logger } = client
  const entries = createSessionEntries(keychain)
  const endSession = createEndSession(client)

  /** A saved deployment's session. */
  const remoteSource = (place: {
    readonly deploymentId: string
    readonly url: string
    readonly isTokenOptional: () => boolean
    readonly openNetwork: () => Promise<Network | undefined>
  }): CredentialSource => {
    const { deploymentId, url, openNetwork } = place
    const renewal = createSessionRenewal({
      ...{ deploymentId, entries, clock, logger },
      refresh: (session) =>
        over(openNetwork, url, (network) => {
          const { tokenEndpoint, refreshToken } = session
          const oauth2 = createOAuth2Client({ ...client, baseUrl: url, network, timeoutMs: RENEWAL_MS })
          return oauth2.refresh(tokenEndpoint, session, refreshToken ?? '', new AbortController().signal)
        }),
      discard: (session) => endSession(url, session, openNetwork),
    })
    return createRemoteCredentials({ ...place, keychain, entries, renewal, clock })
  }

  return { entries, endSession, remoteSource }
}

/** Makes what the procedures of a sign-in use. */
export function createSignInParts(
  client: ClientSurroundings,
  around: Pick<ReturnType<typeof createSessionParts>, 'endSession' | 'entries'> & {
    readonly desktop: AppPorts['desktop']
    readonly links: ExternalLinks
  },
) {
  const { desktop, endSession, entries, links } = around
  const openPage = (url: string) => links.open(url, 'app')
  const signIn = createSignIn(client)
  const browserSignIns = createBrowserSignIns({
    ...client,
    openPage,
    writeClipboard: (text) => desktop.writeClipboard(text),
  })
  const accept = createAcceptCredential({
    ...{ signIn, browserSignIns, endSession },
    passwordSignIn: createPasswordSignIn(client),
    // A look at any entry tells whether there is a keychain to write to.
    requireKeychain: () => saved(() => entries.load('none')),
  })
  return { signIn, accept, browserSignIns, openPage }
}
