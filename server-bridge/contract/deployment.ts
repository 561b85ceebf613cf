import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, list, map } from './shape.ts'

export const sshConfigResponseSchema = answer({
  hostname_prefix: z.string().default('coder.'),
  hostname_suffix: z.string().default('coder'),
  ssh_config_options: map(z.string()),
})
export type SSHConfigResponse = z.output<typeof sshConfigResponseSchema>

export const deploymentRoutes = {
  /** Body `OK`, not JSON. */
  healthz: defineRoute({ method: 'GET', path: '/healthz', auth: 'none', status: 200, errors: [] }),
  experiments: defineRoute({
    method: 'GET',
    path: '/api/v2/experiments',
    auth: 'user',
    status: 200,
    answer: list(z.string()),
    errors: [401],
  }),
  /** 404 on old servers: take the defaults. */
  ssh: defineRoute({
    method: 'GET',
    path: '/api/v2/deployment/ssh',
    auth: 'user',
    status: 200,
    answer: sshConfigResponseSchema,
    errors: [401],
  }),
} as const
