import { isUuid } from '../contract/uuid.ts'
/** Which workspace a host name means, and which of its agents. */
export interface WorkspaceName {
  /** `me` when the name has none. */
  readonly owner: string
  readonly workspace: string
  /** Absent: the only one. */
  readonly agent?: string
}

export interface HostNameRules {
  /** Taken off the front, such as `coder.`. */
  readonly prefix: string
  /** Taken off the end together with its dot. */
  readonly suffix: string
}

/**
 * Reads a host name as `coder ssh` does: `ws`, `ws.agent`, `owner/ws`, `owner--ws`, `owner--ws--agent`, and
 * `agent.ws.owner` in the order of Coder Connect. Answers an id where one was given.
 *
 * @throws {TypeError} with a sentence.
 */
export function parseHostName(
  host: string,
  { prefix, suffix }: HostNameRules,
): WorkspaceName | { readonly id: string } {
  let name = host.trim()
  if (prefix !== '' && name.startsWith(prefix)) name = name.slice(prefix.length)
  if (suffix !== '' && name.endsWith(`.${suffix}`)) name = name.slice(0, -suffix.length - 1)
  if (isUuid(name)) return { id: name.toLowerCase() }

  const parts = name.split(/\/|--|\./)
  const [first = '', second = '', third = ''] = parts
  if (parts.length > 3 || parts.includes('')) {
    throw new TypeError(
      `${JSON.stringify(host)} names no workspace. Use WORKSPACE, WORKSPACE.AGENT or OWNER/WORKSPACE.`,
    )
  }
  const hasOnlyDots = !/\/|--/.test(name)
  if (parts.length === 1) return { owner: 'me', workspace: first }
  if (parts.length === 2) {
    return hasOnlyDots
      ? { owner: 'me', workspace: first, agent: second }
      : { owner: first, workspace: second }
  }
  return hasOnlyDots
    ? { owner: third, workspace: second, agent: first }
    : { owner: first, workspace: second, agent: third }
}
