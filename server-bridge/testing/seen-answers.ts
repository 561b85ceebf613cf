/**
 * Which statuses the routes of a server under test have answered with, for the check that every error the contract
 * names is met by some test. The server's own log says it, so that the product holds nothing for this. A refusal that
 * comes before any route (a foreign host, say) counts for the route of its path; a plain and a followed variant of one
 * path count as one.
 */
import { randomUUID } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { RouteDefinition } from '../contract/route.ts'
import type { Logger } from '../lib/logger.ts'
import { NEVER_SUCCEEDS } from './never-succeeds.ts'

/** Names the folder that takes what each test process has seen; unset: nothing is recorded. */
export const SEEN_ANSWERS_FOLDER = 'SEEN_ANSWERS_FOLDER'

const requestSchema = z.object({ method: z.string(), path: z.string(), status: z.int() })
type SeenRequest = z.output<typeof requestSchema>
const lineSchema = z.object({
  route: z.string(),
  status: z.int().optional(),
  declared: z.array(z.int()),
  seen: z.array(z.int()),
})
type Line = z.output<typeof lineSchema>

export interface AnswerRecorder {
  /** Passes every line on, and takes note of requests. */
  readonly logger: Logger
  /** Requests are told apart by the routes of the server; those from before it was up are kept until then. */
  setRoutes(routes: readonly RouteDefinition[]): void
}

interface Matcher {
  readonly route: string
  readonly method: string
  readonly pattern: RegExp
}

const nameOf = ({ method, path }: Pick<RouteDefinition, 'method' | 'path'>): string => `${method} ${path}`

function toMatcher(route: RouteDefinition): Matcher {
  const source = route.path.replaceAll(/[.*+?()[\]\\|^$]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, '[^/]+')
  return { route: nameOf(route), method: route.method, pattern: new RegExp(`^${source}$`) }
}

// One file for each process and each copy of this module; what was written once is not written again.
const fileName = `${process.pid}-${randomUUID()}.jsonl`
const written = new Set<string>()

function write(folder: string, line: Line): void {
  const file = join(folder, fileName)
  const text = `${JSON.stringify(line)}\n`
  if (written.has(file + text)) return
  written.add(file + text)
  appendFileSync(file, text)
}

/** A recorder for one server, or `undefined` where nobody asks for it. */
export function recordAnswers(
  logger: Logger,
  folder: string | undefined = process.env[SEEN_ANSWERS_FOLDER],
): AnswerRecorder | undefined {
  if (!folder) return undefined
  let matchers: readonly Matcher[] | undefined
  const early: SeenRequest[] = []
  const note = (request: SeenRequest): void => {
    if (!matchers) {
      early.push(request)
      return
    }
    // The first one wins, as in the server.
    const match = matchers.find(
      ({ method, pattern }) => method === request.method && pattern.test(request.path),
    )
    if (match) write(folder, { route: match.route, declared: [], seen: [request.status] })
  }
  const wrap = (inner: Logger): Logger => ({
    debug(message, fields) {
      const request = message === 'Request' ? requestSchema.safeParse(fields) : undefined
      if (request?.success) note(request.data)
      inner.debug(message, fields)
    },
    info: (message, fields) => inner.info(message, fields),
    warn: (message, fields) => inner.warn(message, fields),
    error: (message, fields) => inner.error(message, fields),
    child: (fields) => wrap(inner.child(fields)),
  })
  return {
    logger: wrap(logger),
    setRoutes(routes) {
      for (const route of routes) {
        const { status, errors } = route
        write(folder, { route: nameOf(route), status, declared: [...errors], seen: [] })
      }
      matchers = routes.map(toMatcher)
      for (const request of early.splice(0)) note(request)
    },
  }
}

interface Known {
  readonly wanted: Set<number>
  readonly declared: Set<number>
  readonly seen: Set<number>
}

function readFolder(folder: string): ReadonlyMap<string, Known> {
  const routes = new Map<string, Known>()
  for (const name of readdirSync(folder)) {
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (text === '') continue
      const { route, status, declared, seen } = lineSchema.parse(JSON.parse(text))
      const known = routes.get(route) ?? { wanted: new Set(), declared: new Set(), seen: new Set() }
      routes.set(route, known)
      if (status !== undefined) known.wanted.add(status)
      for (const one of declared) known.declared.add(one)
      for (const one of seen) known.seen.add(one)
    }
  }
  return routes
}

/** Any answer that is no refusal will do, but where a refusal is all there is, that one. */
function succeeded({ wanted, seen }: Known): boolean {
  return [...seen].some((status) => status < 400 || wanted.has(status))
}

/** What was recorded in a folder, as what no test has met: `GET /api/v2/users 401`, or `… success`. */
export function unmetAnswers(folder: string): string[] {
  return [...readFolder(folder)]
    .flatMap(([route, known]) => {
      const errors = [...known.declared].filter((status) => !known.seen.has(status))
      const isRefused = NEVER_SUCCEEDS[route] !== undefined
      return [
        ...errors.map((status) => `${route} ${status}`),
        ...(!isRefused && !succeeded(known) ? [`${route} success`] : []),
        ...(isRefused && succeeded(known) ? [`${route} succeeds, but is listed as one that never does`] : []),
      ]
    })
    .toSorted()
}
