/**
 * One-time links by which a browser without a session signs its user in to one MCP server. A browser must not get the
 * session of the API for that: apps of workspaces lie on the same origin. What it gets begins one sign-in, ends one
 * sign-in, and is good for nothing else. In memory alone: after a restart a new link is made by one press.
 */
import type { Clock } from '../../../lib/clock.ts'
import { ApiError } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { hashSecret, randomAlphanumeric } from '../secret-tokens.ts'
import type { Actor } from '../sessions.ts'
import { signInSeconds } from './oauth2-flow.ts'

export interface McpSignInLinks {
  /** A ticket that begins one sign-in within a minute. @throws {ApiError} 409 unless this server is of this machine only. */
  issue(actor: Actor, serverId: string): { readonly ticket: string; readonly expiresAt: number }
  /** Spends a ticket. `undefined` for one that is spent, late, or whose key or user is gone. */
  begin(ticket: string): { readonly serverId: string; readonly session: string } | undefined
  /** Spends what `begin` gave, at the end of the sign-in to that server. The user it is for. */
  finish(session: string, serverId: string): string | undefined
}

interface Pass {
  readonly userId: string
  readonly keyId: string
  readonly serverId: string
  readonly expiresAt: number
}

const TICKET_MS = 60_000
/** Of all users together; a person has one or two under way. */
const MAX_PASSES = 1000
/** 190 bits. */
const SECRET_LENGTH = 32
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

export function createMcpSignInLinks(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly accessUrl: () => string
}): McpSignInLinks {
  const { db, clock } = deps
  const tickets = createPasses(clock)
  const sessions = createPasses(clock)

  const isAlive = ({ keyId, userId }: Pass): boolean =>
    db.first(
      db.sql
        .selectFrom('api_keys as key')
        .innerJoin('users as user', 'user.id', 'key.user_id')
        .select('key.id')
        .where('key.id', '=', keyId)
        .where('user.id', '=', userId)
        .where('key.expires_at', '>', clock.now())
        .where('user.status', '!=', 'suspended')
        .where('user.deleted', '=', 0),
    ) !== undefined

  return {
    issue(actor, serverId) {
      // Somebody else's link would bind the reader's account at the provider to the account of whoever sent it.
      if (!LOOPBACK.test(new URL(deps.accessUrl()).hostname))
        throw new ApiError(409, {
          message: 'Sign-in links are for a deployment that runs on the machine of the browser.',
        })
      const expiresAt = clock.now() + TICKET_MS
      const pass = { userId: actor.user.id, keyId: actor.keyId, serverId, expiresAt }
      return { ticket: tickets.add(pass), expiresAt }
    },
    begin(ticket) {
      const pass = tickets.take(ticket)
      if (pass === undefined || !isAlive(pass)) return undefined
      const expiresAt = clock.now() + signInSeconds * 1000
      return { serverId: pass.serverId, session: sessions.add({ ...pass, expiresAt }) }
    },
    finish(session, serverId) {
      const pass = sessions.take(session)
      return pass?.serverId === serverId && isAlive(pass) ? pass.userId : undefined
    },
  }
}

/** What one secret each opens once, by the hash of the secret: the time of a look-up tells nothing about the secret. */
function createPasses(clock: Clock) {
  const passes = new Map<string, Pass>()
  const keyOf = (secret: string): string => Buffer.from(hashSecret(secret)).toString('hex')
  return {
    add(pass: Pass): string {
      for (const [key, { expiresAt }] of passes) if (expiresAt <= clock.now()) passes.delete(key)
      const [oldest] = passes.keys()
      if (passes.size >= MAX_PASSES && oldest !== undefined) passes.delete(oldest)
      const secret = randomAlphanumeric(SECRET_LENGTH)
      passes.set(keyOf(secret), pass)
      return secret
    },
    take(secret: string): Pass | undefined {
      const key = keyOf(secret)
      const pass = passes.get(key)
      passes.delete(key)
      return pass !== undefined && pass.expiresAt > clock.now() ? pass : undefined
    },
  }
}
