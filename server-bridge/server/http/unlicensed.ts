import { defineRoute, type HttpMethod, type RouteDefinition } from '../../contract/route.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { Handler } from './call.ts'
import { bound } from './bind-routes.ts'
import { experimentIsOff } from './experiment-is-off.ts'
import { jsonAnswer } from './json-answer.ts'

/** What licences are about; none of it is entitled here. */
export const premiumFeatures = [
  'user_limit',
  'audit_log',
  'connection_log',
  'browser_only',
  'scim',
  'template_rbac',
  'user_role_management',
  'high_availability',
  'multiple_external_auth',
  'external_provisioner_daemons',
  'appearance',
  'advanced_template_scheduling',
  'workspace_proxy',
  'external_token_encryption',
  'workspace_batch_actions',
  'task_batch_actions',
  'access_control',
  'control_shared_ports',
  'custom_roles',
  'multiple_organizations',
  'workspace_prebuilds',
  'managed_agent_limit',
  'workspace_external_agent',
  'aibridge',
  'boundary',
  'service_accounts',
  'ai_governance_user_limit',
  'agent_runtime_hours',
] as const

type Answer =
  /** 403, in the words of a Coder without a licence. */
  | { readonly premium: string }
  /** 200 with what there is when nothing is. */
  | { readonly ok: unknown }
  /** As if the path were not there: switched off. */
  | 'absent'
  /** 403: an experiment that is off. */
  | { readonly experiment: string }

interface UnlicensedRoute {
  readonly methods: readonly HttpMethod[]
  /** Below `/api/v2` unless it begins with `/oauth2` or `/scim`. */
  readonly path: string
  readonly answer: Answer
}

const ORG = '/organizations/{organization}'
const READ = ['GET'] as const
const oauth2 = { experiment: 'oauth2' } as const

/** Every path of Coder's licensed part, and of what is switched off without asking, with its answer to a signed-in user. */
export const unlicensedRoutes: readonly UnlicensedRoute[] = [
  { methods: READ, path: '/licenses', answer: { ok: [] } },
  { methods: ['POST'], path: '/licenses', answer: { premium: 'License management' } },
  { methods: ['DELETE'], path: '/licenses/{license}', answer: 'absent' },
  { methods: ['PUT'], path: '/appearance', answer: { premium: 'Appearance' } },
  { methods: READ, path: '/connectionlog', answer: { premium: 'Connection Log' } },
  { methods: READ, path: '/replicas', answer: { ok: [] } },
  { methods: ['GET'], path: '/groups', answer: { premium: 'Template RBAC' } },
  { methods: ['GET', 'PATCH', 'DELETE'], path: '/groups/{group}', answer: { premium: 'Template RBAC' } },
  { methods: ['GET', 'POST'], path: `${ORG}/groups`, answer: { premium: 'Template RBAC' } },
  { methods: READ, path: `${ORG}/groups/{group}`, answer: { premium: 'Template RBAC' } },
  {
    methods: READ,
    path: `${ORG}/members/{user}/workspace-quota`,
    answer: { ok: { credits_consumed: 0, budget: -1 } },
  },
  {
    methods: READ,
    path: '/workspace-quota/{user}',
    answer: { ok: { credits_consumed: 0, budget: -1 } },
  },
  {
    methods: ['GET', 'PUT'],
    path: '/users/{user}/quiet-hours',
    answer: { premium: 'Advanced Template Scheduling' },
  },
  { methods: ['GET', 'POST'], path: '/workspaceproxies', answer: { premium: 'Workspace Proxy' } },
  {
    methods: ['GET', 'PATCH', 'DELETE'],
    path: '/workspaceproxies/{workspaceproxy}',
    answer: { premium: 'Workspace Proxy' },
  },
  { methods: ['GET', 'PUT'], path: '/prebuilds/settings', answer: { premium: 'Workspace Prebuilds' } },
  {
    methods: ['GET', 'PATCH'],
    path: '/settings/idpsync/organization',
    answer: { premium: 'Multiple Organizations' },
  },
  {
    methods: ['GET', 'PATCH'],
    path: `${ORG}/settings/idpsync/groups`,
    answer: { premium: 'Multiple Organizations' },
  },
  {
    methods: ['GET', 'PATCH'],
    path: `${ORG}/settings/idpsync/roles`,
    answer: { premium: 'Multiple Organizations' },
  },
  {
    methods: ['GET', 'POST'],
    path: `${ORG}/provisionerkeys`,
    answer: { premium: 'External Provisioner Daemons' },
  },
  { methods: ['GET', 'POST'], path: '/oauth2-provider/apps', answer: oauth2 },
  { methods: ['GET', 'PUT', 'DELETE'], path: '/oauth2-provider/apps/{app}', answer: oauth2 },
  { methods: ['GET', 'POST'], path: '/oauth2/authorize', answer: oauth2 },
  { methods: ['POST'], path: '/oauth2/tokens', answer: oauth2 },
  { methods: ['POST'], path: '/oauth2/register', answer: oauth2 },
  { methods: ['GET', 'POST'], path: '/scim/v2/Users', answer: { premium: 'SCIM' } },
  { methods: ['GET'], path: '/tasks', answer: 'absent' },
  { methods: READ, path: '/external-auth', answer: { ok: { providers: [], links: [] } } },
  { methods: ['GET', 'DELETE'], path: '/external-auth/{externalauth}', answer: 'absent' },
  { methods: ['GET', 'POST'], path: '/external-auth/{externalauth}/device', answer: 'absent' },
]

const fullPath = (path: string): string => (/^\/(?:oauth2|scim)\//.test(path) ? path : `/api/v2${path}`)

function answerWith(answer: Answer): Handler<RouteDefinition> {
  return () => {
    if (answer === 'absent') throw notFound()
    if ('ok' in answer) return jsonAnswer(200, answer.ok)
    if ('experiment' in answer) throw experimentIsOff(answer.experiment)
    throw new ApiError(403, { message: `${answer.premium} is a Premium feature. Contact sales!` })
  }
}

/** The one status everybody gets who is signed in. */
function statusOf(answer: Answer): number {
  if (answer === 'absent') return 404
  return 'ok' in answer ? 200 : 403
}

/** Binds all of them. Whoever is not signed in is told that first. */
export function unlicensedHandlers() {
  return unlicensedRoutes.flatMap(({ methods, path, answer }) =>
    methods.flatMap((method) => {
      const route = defineRoute({
        method,
        path: fullPath(path),
        auth: 'user',
        status: statusOf(answer),
        errors: [401],
      })
      return bound({ route }, { route: answerWith(answer) })
    }),
  )
}
