/** What models, and rules about tools, call the tools of MCP servers. Pure, for forms and the local deployment alike. */

const MAX_NAME_CHARS = 64

/** The name a model knows a tool by: `slug__tool`, in what every provider takes as a name (agents-api 13). */
export function mcpToolName(slug: string, tool: string): string {
  return `${slug}__${tool}`.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME_CHARS)
}

/** What a rule about all tools of a server is called. */
export function mcpServerRule(slug: string): string {
  return `${mcpToolName(slug, '')}*`
}

/** Whether tools of two servers could be called the same, as those of `gh` and `gh__prod`, or of `a.b` and `a_b`. */
export function haveSharedToolNames(slug: string, other: string): boolean {
  const [a, b] = [mcpToolName(slug, '').toLowerCase(), mcpToolName(other, '').toLowerCase()]
  return a.startsWith(b) || b.startsWith(a)
}
