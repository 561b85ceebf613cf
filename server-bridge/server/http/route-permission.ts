import type { RbacAction, RbacResource, RoutePermission } from '../../contract/rbac.ts'
import type { HttpMethod, RouteDefinition } from '../../contract/route.ts'

const BY_METHOD: Readonly<Record<HttpMethod, RbacAction>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}
type OneOf = RbacAction | readonly RbacAction[]
type ByMethod = Partial<Readonly<Record<HttpMethod, OneOf>>>

interface Rule {
  readonly pattern: RegExp
  readonly permission: (method: HttpMethod) => RoutePermission | 'signed-in'
}

/** A rule for the paths of a resource. The method says what is done where nothing else does. */
function rule(pattern: RegExp, resource: RbacResource, actions: ByMethod = {}): Rule {
  return {
    pattern,
    permission: (method) => {
      const oneOf = actions[method] ?? BY_METHOD[method]
      return { resource, actions: typeof oneOf === 'string' ? [oneOf] : oneOf }
    },
  }
}

const always = (...oneOf: readonly RbacAction[]): ByMethod => ({
  GET: oneOf,
  POST: oneOf,
  PUT: oneOf,
  PATCH: oneOf,
  DELETE: oneOf,
})

const forAll = (pattern: RegExp): Rule => ({ pattern, permission: () => 'signed-in' })

const PERSONAL: ByMethod = {
  GET: 'read_personal',
  POST: 'update_personal',
  PUT: 'update_personal',
  PATCH: 'update_personal',
  DELETE: 'update_personal',
}
/** Writes to a part of something change the whole. */
const PART: ByMethod = { POST: 'update', DELETE: 'update' }

/** What the API's paths are about, under `/api/v2` and `/api/experimental`. The first rule that fits decides. */
const RULES: readonly Rule[] = [
  forAll(/^\/(?:buildinfo|updatecheck|experiments|entitlements|appearance|regions|applications|authcheck)\b/),
  forAll(/^\/deployment\/ssh$/),
  forAll(/^\/users\/logout$/),

  rule(/^\/users\/\{user\}\/keys\b/, 'api_key'),
  rule(/^\/users\/\{user\}\/secrets\b/, 'user_secret'),
  rule(/^\/users\/\{user\}\/skills\b/, 'user_skill'),
  rule(/^\/users\/\{user\}\/notifications\b/, 'notification_preference'),
  rule(/^\/users\/\{user\}\/webpush\b/, 'webpush_subscription'),
  rule(/^\/users\/\{user\}\/workspaces?\b/, 'workspace'),
  rule(/^\/users\/\{user\}\/organizations\b/, 'organization'),
  rule(/^\/users\/\{user\}\/status\b/, 'user'),
  rule(/^\/users\/\{user\}\/roles$/, 'user'),
  rule(/^\/users\/\{user\}$/, 'user', { GET: ['read', 'read_personal'] }),
  rule(/^\/users\/\{user\}\//, 'user', PERSONAL),
  rule(/^\/users\/roles$/, 'assign_role'),
  rule(/^\/users\/oidc-claims$/, 'user', always('read_personal')),
  rule(/^\/users$/, 'user'),

  rule(/^\/organizations\/\{organization\}\/members\/roles$/, 'assign_org_role'),
  rule(/^\/organizations\/\{organization\}\/members\/\{user\}\/workspaces\b/, 'workspace', { GET: 'create' }),
  rule(/^\/organizations\/\{organization\}\/members\/\{user\}\/roles$/, 'organization_member'),
  rule(/^\/organizations\/\{organization\}\/(?:members|paginated-members)\b/, 'organization_member'),
  rule(/^\/organizations\/\{organization\}\/(?:templates|templateversions)\b/, 'template'),
  rule(/^\/organizations\/\{organization\}\/groups\b/, 'group'),
  rule(/^\/organizations\/\{organization\}\/provisionerdaemons\b/, 'provisioner_daemon'),
  rule(/^\/organizations\/\{organization\}\/provisionerjobs\b/, 'provisioner_jobs'),
  rule(/^\/organizations\b/, 'organization'),
  rule(/^\/groups\b/, 'group'),
  rule(/^\/provisionerdaemons\b/, 'provisioner_daemon'),

  rule(/^\/templates(?:\/\{template\})?$/, 'template'),
  rule(/^\/templates\//, 'template', PART),
  // A dry run makes what a workspace would be; it changes no template.
  rule(/^\/templateversions\/\{templateversion\}\/dry-run\b/, 'workspace', always('create')),
  // Answers a form; it changes nothing.
  rule(/^\/templateversions\/\{templateversion\}\/dynamic-parameters\b/, 'template', always('read')),
  rule(/^\/templateversions\b/, 'template', PART),
  rule(/^\/files\b/, 'file'),

  rule(/^\/workspaces\/\{workspace\}\/builds$/, 'workspace', { POST: ['start', 'stop', 'delete'] }),
  rule(/^\/workspaces(?:\/\{workspace\})?$/, 'workspace'),
  rule(/^\/workspaces\/\{workspace\}\/external-agent\b/, 'workspace', always('update')),
  rule(/^\/workspaces\//, 'workspace', PART),
  rule(/^\/workspacebuilds\b/, 'workspace', PART),
  rule(
    /^\/workspaceagents\/\{workspaceagent\}\/(?:pty|ssh|terminals|coordinate|exec|files|tunnel)\b/,
    'workspace',
    always('ssh'),
  ),
  rule(/^\/workspaceagents\/\{workspaceagent\}\/apps\b/, 'workspace', always('application_connect')),
  rule(/^\/workspaceagents\b/, 'workspace', PART),
  rule(/^\/watch-all-workspacebuilds$/, 'workspace'),

  rule(/^\/notifications\/inbox\b/, 'inbox_notification'),
  rule(/^\/notifications\/(?:settings|test)\b/, 'deployment_config', { POST: 'update' }),
  rule(/^\/notifications\/(?:templates|dispatch-methods)\b/, 'notification_template'),
  rule(/^\/notifications\b/, 'notification_message'),
  rule(/^\/external-auth\b/, 'user', PERSONAL),
  rule(/^\/audit\b/, 'audit_log'),
  rule(/^\/connectionlog\b/, 'connection_log'),
  rule(/^\/insights\b/, 'template', always('view_insights')),
  rule(/^\/deployment\/stats$/, 'deployment_stats'),
  rule(/^\/deployment\b/, 'deployment_config'),
  rule(/^\/debug\/health\/settings$/, 'deployment_config'),
  rule(/^\/debug\b/, 'debug_info'),
  rule(/^\/licenses\b/, 'license'),
  rule(/^\/workspaceproxies\b/, 'workspace_proxy'),
  rule(/^\/chats\b/, 'chat', PART),
  rule(/^\/mcp\b/, 'mcp_server_config'),
  rule(/^\/tasks\b/, 'task'),
  rule(/^\/replicas\b/, 'replicas'),
  rule(/^\/workspace-quota\b/, 'user', PERSONAL),
  rule(/^\/prebuilds\b/, 'prebuilt_workspace'),
  rule(/^\/settings\/idpsync\b/, 'idpsync_settings'),
  rule(/^\/oauth2-provider\b/, 'oauth2_app'),
  rule(/^\/oauth2\b/, 'oauth2_app_code_token'),
  rule(/^\/scim\b/, 'system'),
  rule(/^\/derp-map$/, 'tailnet_coordinator'),
]

/**
 * What the key of a caller must allow for a route: what the route says itself, else what its path is about.
 * `undefined` when neither says anything; only keys without any limit pass then.
 */
export function permissionOf(
  route: Pick<RouteDefinition, 'method' | 'path' | 'permission'>,
): RoutePermission | 'signed-in' | undefined {
  if (route.permission !== undefined) return route.permission
  const path = route.path.replace(/^\/api\/(?:v2|experimental)(?=\/)/, '')
  return RULES.find(({ pattern }) => pattern.test(path))?.permission(route.method)
}
