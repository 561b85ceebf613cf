import type { RouteDefinition } from '../../contract/route.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import type { Actor, Sessions } from '../services/sessions.ts'
import { readCredential } from './credential.ts'

export interface AuthenticateDeps {
  readonly sessions: Pick<Sessions, 'authenticate'>
  readonly agents: Pick<AgentRecords, 'authenticate'>
}

/** Who calls, as the route asks for it: nothing of it on a route for anybody. */
export interface Caller {
  readonly actor?: Actor
  readonly agent?: AgentPlace
}

/**
 * Whoever calls is known before anything else of the request is read: a stranger learns nothing of a body's form.
 *
 * @throws {ApiError} 401; 410 for an agent that should not run any more; 404 where the route hides that it exists.
 */
export function authenticateRoute(deps: AuthenticateDeps, route: RouteDefinition, request: Request): Caller {
  if (route.auth === 'none') return {}
  if (route.auth === 'agent') {
    return { agent: deps.agents.authenticate(request.headers.get('coder-session-token') ?? undefined) }
  }
  try {
    return {
      actor: deps.sessions.authenticate(readCredential(request.headers, new URL(request.url).searchParams)),
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // A terminal is opened by page address in Coder, where "not signed in" must not tell what exists.
    if (route.stream === 'bytes') throw notFound()
    if (!route.path.startsWith('/api/v2/workspaceagents/{')) throw error
    throw new ApiError(401, {
      ...error.body,
      message: 'API key or external proxy authentication required, but none provided',
    })
  }
}
