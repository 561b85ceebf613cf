/** Pages of workspaces' apps, shown inside of the app's window. Their addresses stay in main: they may hold a ticket. */
import { z } from 'zod'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const target = {
  deploymentId: deploymentIdSchema,
  workspaceId: z.uuid(),
  agentId: z.uuid(),
  slug: z.string().min(1).max(200),
}
const targetSchema = z.strictObject(target)
export type AppPreviewTarget = z.output<typeof targetSchema>

const pixels = z.number().min(-100_000).max(100_000)
const size = z.number().min(0).max(100_000)
/** In CSS pixels of the window's page. */
const boundsSchema = z.strictObject({ x: pixels, y: pixels, width: size, height: size })
export type AppPreviewBounds = z.output<typeof boundsSchema>

/** Why there is no page. The window has the words. */
export const appPreviewFailures = [
  /** Nothing listens where the app should. */
  'no_answer',
  'timed_out',
  'certificate',
  /** The app led to an address that is not its own. */
  'led_away',
  /** The sign-in of the preview is over. */
  'ended',
  /** The process of the page ended. */
  'crashed',
  /** The workspace has no such app any more. */
  'gone',
  'stopped',
  /** The app has no page, or the deployment names an address that is not shown here. */
  'refused',
  /** The deployment cannot be asked. */
  'away',
  'failed',
] as const
export type AppPreviewFailure = (typeof appPreviewFailures)[number]

const stateSchema = z.strictObject({
  /** As the page says, empty where it says nothing. Hostile. */
  title: z.string().max(200),
  /** Of the page inside of the app, without a query. */
  path: z.string().max(500),
  canGoBack: z.boolean(),
  canGoForward: z.boolean(),
  isLoading: z.boolean(),
  /** There is something to see. */
  isReady: z.boolean(),
  failure: z.enum(appPreviewFailures).nullable(),
})
export type AppPreviewState = z.output<typeof stateSchema>

export const appPreview = {
  /** Whether the deployment gives pages of apps a sign-in of their own. Without, they open in the browser. */
  support: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: z.strictObject({ isPossible: z.boolean() }),
    errors: [],
  }),
  /** How the page is, live. */
  watch: defineProcedure({ kind: 'subscription', input: targetSchema, output: stateSchema, errors: [] }),
  /** Lays the page over this rectangle, opening it where it is not open. Null hides it; it goes on. */
  place: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...target, bounds: boundsSchema.nullable() }),
    output: z.null(),
    errors: [],
  }),
  /** A still of the page as it is seen now, as a `data:` address; null where nothing is. */
  capture: defineProcedure({
    kind: 'query',
    input: targetSchema,
    output: z.strictObject({ picture: z.string().nullable() }),
    errors: [],
  }),
  /** `retry` begins anew after a failure; `focus` gives the page the keyboard. */
  act: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      ...target,
      action: z.enum(['back', 'forward', 'reload', 'stop', 'retry', 'focus']),
    }),
    output: z.null(),
    errors: [],
  }),
  /** Ends the page and forgets what it stored, whichever agent has it. Benign where there is none. */
  close: defineProcedure({
    kind: 'mutation',
    input: targetSchema.omit({ agentId: true }),
    output: z.null(),
    errors: [],
  }),
  /** What keys that were pressed in a page of this window ask of it. */
  watchKeys: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: z.strictObject({ key: z.enum(['leave', 'close']), target: targetSchema }),
    errors: [],
  }),
} as const
