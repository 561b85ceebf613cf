/** The names of subdomain apps and ports, and how a browser is signed in to them (stable-api, section 15). */
import { z } from 'zod'
import { defineRoute } from './route.ts'

/** What stands for the star of a wildcard host. */
export interface AppHostName {
  /** An app by its slug, or a port that nothing has to declare. */
  readonly opens: { readonly slug: string } | { readonly port: number; readonly protocol: 'http' | 'https' }
  /** Absent: the agent that has the app. A port always names one. */
  readonly agent: string | undefined
  readonly workspace: string
  readonly owner: string
}

/** The longest label of a host name (RFC 1035, 2.3.4). */
const MAX_LABEL = 63
/** Coder's rule for the names of users, workspaces, agents and slugs; there are never two dashes in a row. */
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/i
const PORT = /^([1-9]\d{0,4})(s?)$/

/** Reads `{prefix---}{slug or port}{--agent}--{workspace}--{owner}`; `undefined` for anything else. */
export function parseAppLabel(label: string): AppHostName | undefined {
  if (label.length > MAX_LABEL) return undefined
  // A prefix lets one app be seen under several names: it says nothing.
  const parts = (label.split('---').at(-1) ?? '').split('--')
  if (parts.length < 3 || parts.length > 4 || !parts.every((part) => NAME.test(part))) return undefined
  const [first = '', ...rest] = parts
  const [owner = '', workspace = '', agent] = rest.reverse()
  const port = agent === undefined ? undefined : parseAppPort(first)
  return { opens: port ?? { slug: first }, agent, workspace, owner }
}

/** Reads a port as names of hosts have it: `8080`, and `8080s` for one that speaks TLS. */
export function parseAppPort(text: string): Extract<AppHostName['opens'], { port: number }> | undefined {
  const [, port, secure] = PORT.exec(text) ?? []
  return port === undefined ? undefined : { port: Number(port), protocol: secure === 's' ? 'https' : 'http' }
}

/** The label of an app or port, or `undefined` when its names make none. The inverse of `parseAppLabel`. */
export function formatAppLabel({ opens, agent, workspace, owner }: AppHostName): string | undefined {
  const first = 'slug' in opens ? opens.slug : `${opens.port}${opens.protocol === 'https' ? 's' : ''}`
  const label = [first, ...(agent === undefined ? [] : [agent]), workspace, owner].join('--')
  return parseAppLabel(label) && label
}

/** Coder's key for what an app host is handed by the sign-in; the app host takes it out of the address at once. */
export const appConnectKey = 'coder_application_connect_api_key_35e783'

export const appHostRoutes = {
  /**
   * Where an app host sends a browser that it does not know. Back to `redirect_uri` with `appConnectKey` in the query
   * for who is signed in, else to the sign-in page; 400 for an address that is no app host of this deployment.
   */
  authRedirect: defineRoute({
    method: 'GET',
    path: '/api/v2/applications/auth-redirect',
    auth: 'none',
    query: z.object({ redirect_uri: z.string().min(1).max(8192) }),
    status: 303,
    errors: [400, 404],
  }),
} as const
