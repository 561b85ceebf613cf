import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'

export interface KnownTool {
  readonly name: string
  readonly description: string
}

export interface KnownTools {
  /** What the server listed when it was asked; before that, the names in the lists it has. */
  readonly tools: readonly KnownTool[]
  readonly isAsked: boolean
  readonly isAsking: boolean
  /** Why there is no list, as a sentence. */
  readonly problem: string | undefined
  /** Asks the server as it is saved; absent for a new one. */
  readonly ask: (() => void) | undefined
}

/** The tools of a server, so that they are chosen rather than typed. */
export function useKnownTools(deploymentId: string, base: MCPServerConfig | null): KnownTools {
  const test = useChange('mcpServers.testConnection')
  const result = test.data?.result
  const stored = base === null ? [] : [...base.tool_allow_list, ...base.tool_deny_list]
  return {
    tools:
      result?.ok === true
        ? result.tools.map(({ name, title, description }) => ({ name, description: title || description }))
        : [...new Set(stored)].sort().map((name) => ({ name, description: '' })),
    isAsked: result?.ok === true,
    isAsking: test.isPending,
    problem: test.isError
      ? errorWords(test.error).message
      : result?.ok === false
        ? result.message
        : undefined,
    ask: base === null ? undefined : () => test.mutate({ deploymentId, serverId: base.id }),
  }
}
