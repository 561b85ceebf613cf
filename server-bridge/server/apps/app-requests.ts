/** What path apps and app hosts have in common. */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { ApiError } from '../api-error.ts'
import type { AppContext } from '../http/bind-routes.ts'
import type { KeyHolder, WatchKey } from '../services/key-watch.ts'
import type { Actor, Sessions } from '../services/sessions.ts'
import { type AppUpstream, proxyRequest, proxyUpgrade } from './proxy-app.ts'

export const appUnavailable = 'Application Unavailable: the agent of the workspace is not connected.'
export const appNotFound = 'The app does not exist, or you may not open it.'
export const staleTicket = 'This link to the app was used before or is too old. Open the app again.'

/** The sentence for the owner of a workspace that is stopped. */
export function stoppedMessage(workspaceName: string): string {
  return `The workspace ${workspaceName} is stopped. Start it to use its apps.`
}

/** Who a credential belongs to; `undefined` for one that opens nothing. */
export function tryAuthenticate(sessions: Sessions, credential: string | undefined): Actor | undefined {
  try {
    return sessions.authenticate(credential)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

/** Hands the connection over to an app, until the key ends by which it was opened. Nobody's key: until it ends itself. */
export function giveToApp(
  context: AppContext,
  watchKey: WatchKey,
  holder: KeyHolder | undefined,
  upstream: AppUpstream,
): Response {
  /** The bytes are the app's own, so there is no way to say in them that they end. */
  const cutWithKey = (connection: ServerResponse | Duplex): void => {
    if (!holder) return
    const stop = watchKey(holder, () => connection.destroy())
    connection.once('close', stop)
  }
  context.env.takeOver = {
    serve(incoming, outgoing) {
      cutWithKey(outgoing)
      return proxyRequest(upstream, incoming, outgoing)
    },
    upgrade(incoming, socket, head) {
      cutWithKey(socket)
      return proxyUpgrade(upstream, incoming, socket, head)
    },
  }
  return new Response(null)
}

/** An answer that sends a browser elsewhere. */
export function redirect(
  status: number,
  location: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(null, { status, headers: { location, ...headers } })
}

/** For answers whose address or cookie is good for something: nobody keeps them or tells where they came from. */
export const secretAnswer = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } as const
