/** The shells that run in workspaces. Their bytes go past main: `server-bridge/contract/bridge-port.ts`. */
import { z } from 'zod'
import { terminalSessionSchema } from '#bridge/contract/agent-runtime'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const agent = { deploymentId: deploymentIdSchema, agentId: z.uuid() }

export const terminals = {
  /** `null` where the deployment cannot list them: a Coder server has no such route. */
  list: defineProcedure({
    kind: 'query',
    input: z.strictObject(agent),
    output: z.object({ sessions: z.array(terminalSessionSchema).nullable() }),
    errors: [],
  }),
  /** Ends a shell with all that runs in it. */
  end: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...agent, terminalId: z.uuid() }),
    output: z.null(),
    errors: [],
  }),
} as const
