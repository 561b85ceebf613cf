import type { WebSocket } from 'ws'
import type { z } from 'zod'
import type { RouteAnswer, RouteDefinition, RouteParams } from '../../contract/route.ts'
import type { AgentPlace } from '../services/agent-records.ts'
import type { Actor } from '../services/sessions.ts'
import type { AuditEntry } from '../services/audit.ts'

type QueryOf<R extends RouteDefinition> = R extends { readonly query: infer Q extends z.ZodType }
  ? z.output<Q>
  : undefined
type BodyOf<R extends RouteDefinition> = R extends { readonly body: infer B extends z.ZodType }
  ? z.output<B>
  : undefined
type ActorOf<R extends RouteDefinition> = R extends { readonly auth: 'user' } ? Actor : undefined
type AgentOf<R extends RouteDefinition> = R extends { readonly auth: 'agent' } ? AgentPlace : undefined

/** One request as its handler sees it: authenticated, its parameters, query and body parsed. */
export interface Call<R extends RouteDefinition = RouteDefinition> {
  readonly params: RouteParams<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  readonly actor: ActorOf<R>
  readonly agent: AgentOf<R>
  readonly request: Request
  readonly requestId: string
  readonly remoteAddress: string
  /** Every write says what it did; the row gets the status of the answer. */
  audit(entry: AuditEntry): void
}

/** Answers with the route's own status, or with a whole response where that differs. */
export type Handler<R extends RouteDefinition> = (
  call: Call<R>,
) => RouteAnswer<R> | Response | Promise<RouteAnswer<R> | Response>

/** Refuses by throwing; else answers what runs on the open socket. */
export type StreamHandler<R extends RouteDefinition> = (call: Call<R>) => RunSocket | Promise<RunSocket>
export type RunSocket = (socket: WebSocket) => void

type HandlerOf<R extends RouteDefinition> = R extends { readonly stream: 'sse' }
  ? Handler<R>
  : R extends { readonly stream: string }
    ? StreamHandler<R>
    : Handler<R>

/** One handler for every route of a table: a missing one does not compile. */
export type Handlers<T extends Readonly<Record<string, RouteDefinition>>> = {
  readonly [K in keyof T]: HandlerOf<T[K]>
}
