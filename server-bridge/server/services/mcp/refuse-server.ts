import type { McpServerProblem } from '../../../contract/mcp-server-rules.ts'
import { ApiError } from '../../api-error.ts'

/** Lets a valid configuration pass. @throws {ApiError} 400 that names every field with a problem, for forms. */
export function requireNoProblems(problems: readonly McpServerProblem[]): void {
  const [first] = problems
  if (first === undefined) return
  throw new ApiError(400, {
    message: 'Invalid MCP server configuration.',
    detail: first.detail,
    validations: problems.map(({ field, detail }) => ({ field, detail })),
  })
}
