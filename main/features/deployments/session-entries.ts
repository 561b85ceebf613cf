/**
 * What a person signed in with, one keychain entry a deployment. A session token lies there as it is, as it always has;
 * what the browser brought is a versioned record, so that a token and what renews it are never apart.
 */
import { z } from 'zod'
import { oauth2AuthMethodSchema } from '#bridge/contract/oauth2'
import type { Keychain } from '../keychain/keychain.ts'
import { tokenAccount } from './deployments-file.ts'

const time = z.number().nullable()

const oauth2SessionSchema = z.object({
  version: z.literal(1),
  kind: z.literal('oauth2'),
  /** The same through all renewals of one sign-in. */
  signInId: z.string().min(1),
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).nullable(),
  /** Epoch milliseconds; `null` where the deployment does not say. */
  expiresAt: time,
  /** When it is to be renewed, a while before. */
  renewAt: time,
  clientId: z.string().min(1),
  clientSecret: z.string().nullable(),
  authMethod: oauth2AuthMethodSchema,
  tokenEndpoint: z.url(),
  revocationEndpoint: z.url().nullable(),
})
export type OAuth2Session = z.output<typeof oauth2SessionSchema>

/** A token is empty where a client certificate is what signs in. */
export type KeptSession = { readonly kind: 'token'; readonly token: string } | OAuth2Session
/** `unreadable`: a record of a newer app, or a damaged one. */
export type StoredSession = KeptSession | { readonly kind: 'unreadable' }

/** The secret every request carries. */
export function tokenOf(session: KeptSession): string {
  return session.kind === 'token' ? session.token : session.accessToken
}

/** Every method may throw a {@link SecretsError}. Changes of one deployment happen one after the other. */
export interface SessionEntries {
  load(deploymentId: string): Promise<StoredSession | null>
  keep(deploymentId: string, session: KeptSession): Promise<void>
  /**
   * Puts a renewed session in the place of the one it came from, in one write: a crash leaves one or the other. False
   * when another sign-in or a sign-out came in between, and nothing was changed.
   */
  replace(deploymentId: string, before: OAuth2Session, after: OAuth2Session): Promise<boolean>
  /** Answers what was there. */
  remove(deploymentId: string): Promise<StoredSession | null>
}

/** Makes the entries over the keychain. */
export function createSessionEntries(keychain: Pick<Keychain, 'get' | 'set' | 'delete'>): SessionEntries {
  const queues = new Map<string, Promise<unknown>>()
  const inTurn = <T>(deploymentId: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(deploymentId) ?? Promise.resolve()).then(work, work)
    queues.set(deploymentId, turn)
    return turn
  }
  const load = async (deploymentId: string): Promise<StoredSession | null> => {
    const stored = await keychain.get(tokenAccount(deploymentId))
    return stored === null ? null : parse(stored)
  }
  const write = (deploymentId: string, text: string) => keychain.set(tokenAccount(deploymentId), text)
  return {
    load,
    keep: (deploymentId, session) =>
      inTurn(deploymentId, async () => {
        const text = session.kind === 'token' ? session.token : JSON.stringify(session)
        if (text === '') await keychain.delete(tokenAccount(deploymentId))
        else await write(deploymentId, text)
      }),
    replace: (deploymentId, before, after) =>
      inTurn(deploymentId, async () => {
        const now = await load(deploymentId)
        if (now?.kind !== 'oauth2' || now.accessToken !== before.accessToken) return false
        await write(deploymentId, JSON.stringify(after))
        return true
      }),
    remove: (deploymentId) =>
      inTurn(deploymentId, async () => {
        const before = await load(deploymentId)
        await keychain.delete(tokenAccount(deploymentId))
        return before
      }),
  }
}

/** No token begins like a record: Coder's are made of letters, digits and a dash. */
function parse(stored: string): StoredSession {
  if (!stored.startsWith('{')) return { kind: 'token', token: stored }
  try {
    const result = oauth2SessionSchema.safeParse(JSON.parse(stored))
    return result.success ? result.data : { kind: 'unreadable' }
  } catch {
    // Not even JSON: the same to the user.
    return { kind: 'unreadable' }
  }
}
