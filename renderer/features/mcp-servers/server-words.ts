import { plainText } from '../../lib/plain-text.ts'
import type { Status } from '../../ui/status-mark.tsx'
import type { McpServerEntry, McpServersAnswer } from './use-mcp-servers.ts'

export interface ServerWords {
  readonly status: Status
  readonly label: string
  /** Something here waits for the user. */
  readonly needsYou: boolean
}

/** Where a server stands for this user, in words. */
export function serverWords({ config, headers }: McpServerEntry): ServerWords {
  if (!config.enabled) return { status: 'stopped', label: 'Switched off', needsYou: false }
  if (config.auth_type === 'oauth2')
    return config.auth_connected
      ? { status: 'running', label: 'Signed in', needsYou: false }
      : { status: 'pending', label: 'Needs you to sign in', needsYou: true }
  if (headers.length === 0) return { status: 'running', label: 'No value needed', needsYou: false }
  const onServer = headers.every((header) => header.onServer !== null)
  const set = headers.filter((header) => (onServer ? header.onServer : header.inVault)).length
  const label = `${set} of ${headers.length} ${headers.length === 1 ? 'value' : 'values'} ${onServer ? 'set' : 'in the vault'}`
  if (set === headers.length) return { status: 'running', label, needsYou: false }
  return { status: set === 0 ? 'stopped' : 'pending', label, needsYou: true }
}

/** Whether this computer has all that a connection takes: what only the deployment knows cannot be tried from here. */
export function canBeTested({ config }: McpServerEntry): boolean {
  return config.auth_type === 'none' || config.auth_type === 'custom_headers'
}

/** Headers whose value lies in the vault and got lost on the deployment: they can be sent again. */
export function lostOnServer({ headers }: McpServerEntry): string[] {
  return headers.filter(({ inVault, onServer }) => inVault && onServer === false).map(({ name }) => name)
}

/** What a deployment cannot do, and what follows from that. Nothing where it can do everything. */
export function capabilityWords(
  capability: McpServersAnswer['capability'],
  deployment: string,
): { readonly title: string; readonly text: string } | undefined {
  switch (capability) {
    case 'user_headers':
      return undefined
    case 'no_user_headers':
      return {
        title: `${deployment} does not keep header values of users`,
        text: 'You can use its MCP servers as the administrator set them up. Values of your own stay in the vault on this computer.',
      }
    case 'organization':
      return {
        title: `${deployment} keeps MCP servers in its organizations`,
        text: 'This version of Coder has no header values of users, so there is nothing to set here. You can sign in to its servers. Administrators manage them in the dashboard.',
      }
    case 'none':
      return {
        title: `${deployment} has no MCP servers`,
        text: 'Its version of Coder does not offer them, or they are switched off.',
      }
  }
}

/** Why a value cannot be used, while it is typed. */
export function valueProblem(value: string): string | undefined {
  if (/[\r\n]/.test(value)) return 'A header value has one line. Remove the line break.'
  return value.includes('\0') ? 'A header value cannot hold a NUL character.' : undefined
}

/** A list in a sentence: `A, B and C`, or with more than five `A, B, C, D, E and 7 more`. */
export function inWords(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => plainText(name, 80))
  const more = names.length - shown.length
  const parts = more > 0 ? [...shown, `${more.toLocaleString('en')} more`] : shown
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(parts)
}

/** How a server is called on the page. */
export function nameOf({ display_name: name, slug }: McpServerEntry['config']): string {
  return plainText(name || slug, 200)
}
