import { oneLine } from '../hostile-text.ts'

/** The name of a tool apart from the server it is of. `server`: as people know it. */
export interface McpToolName {
  readonly server: string
  readonly tool: string
}

/**
 * The server and the tool of a name such as `github__create_issue`, as far as the server is known: a deployment offers no
 * tool whose name could be of two servers, so the longest slug is the right one. Nothing for any other name.
 */
export function knownMcpTool(
  name: string,
  serverNames: ReadonlyMap<string, string> | undefined,
): McpToolName | undefined {
  let found: McpToolName | undefined
  let longest = 0
  for (const [slug, shown] of serverNames ?? []) {
    const prefix = `${slug}__`
    if (prefix.length <= longest || name.length === prefix.length || !name.startsWith(prefix)) continue
    longest = prefix.length
    found = { server: oneLine(shown === '' ? slug : shown, 60), tool: name.slice(prefix.length) }
  }
  return found
}
