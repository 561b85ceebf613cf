import { type RbacAction, type RbacResource, rbacActions } from '../../contract/rbac.ts'

/** Which actions a role allows on which resources, whoever they belong to. */
type Grants = Partial<Readonly<Record<RbacResource, readonly RbacAction[]>>>

export interface BuiltInRole {
  readonly name: string
  readonly displayName: string
  readonly grants: Grants
  /** Roles that somebody with this one may give and take. */
  readonly assigns: readonly string[]
}

const READ: readonly RbacAction[] = ['read']
const CRUD: readonly RbacAction[] = ['create', 'read', 'update', 'delete']
const TEMPLATE: readonly RbacAction[] = [...CRUD, 'use', 'view_insights']
const ASSIGN: readonly RbacAction[] = ['assign', 'unassign', 'read']
/** Where the wildcard resource stands, it means every resource but secrets, which nobody else may read. */
const EVERYTHING: Grants = { '*': rbacActions }

const AUDIT_GRANTS: Grants = {
  audit_log: READ,
  connection_log: READ,
  template: ['read', 'view_insights'],
  group: READ,
  group_member: READ,
  organization: READ,
  organization_member: READ,
}

const TEMPLATE_GRANTS: Grants = {
  template: TEMPLATE,
  file: ['create', 'read'],
  workspace: READ,
  workspace_dormant: READ,
  provisioner_daemon: CRUD,
  group: READ,
  group_member: READ,
  organization: READ,
  organization_member: READ,
}

const MEMBER_ADMIN_GRANTS: Grants = {
  assign_org_role: ASSIGN,
  group: CRUD,
  group_member: READ,
  organization: READ,
  organization_member: CRUD,
}

/** Takes the making and deleting of workspaces away from who has it. */
export const WORKSPACE_BAN = 'organization-workspace-creation-ban'

const organizationRoleNames = [
  'organization-admin',
  'organization-auditor',
  'organization-template-admin',
  'organization-user-admin',
  'organization-workspace-access',
  WORKSPACE_BAN,
]

/** The roles of the whole deployment, sorted by name. Everybody is a member, so that is not among them. */
export const siteRoles: readonly BuiltInRole[] = [
  {
    name: 'auditor',
    displayName: 'Auditor',
    grants: {
      ...AUDIT_GRANTS,
      assign_org_role: READ,
      user: READ,
      deployment_stats: READ,
      deployment_config: READ,
    },
    assigns: [],
  },
  {
    name: 'owner',
    displayName: 'Owner',
    grants: EVERYTHING,
    assigns: ['auditor', 'owner', 'template-admin', 'user-admin', ...organizationRoleNames],
  },
  {
    name: 'template-admin',
    displayName: 'Template Admin',
    grants: { ...TEMPLATE_GRANTS, assign_org_role: READ, user: READ },
    assigns: [],
  },
  {
    name: 'user-admin',
    displayName: 'User Admin',
    grants: {
      ...MEMBER_ADMIN_GRANTS,
      assign_role: ASSIGN,
      user: [...CRUD, 'read_personal', 'update_personal'],
    },
    assigns: ['organization-workspace-access'],
  },
]

/** The roles within the organization, sorted by name. */
export const organizationRoles: readonly BuiltInRole[] = [
  {
    name: 'organization-admin',
    displayName: 'Organization Admin',
    grants: {
      ...MEMBER_ADMIN_GRANTS,
      ...AUDIT_GRANTS,
      ...TEMPLATE_GRANTS,
      user: READ,
      organization: ['read', 'update'],
      organization_member: CRUD,
      group: CRUD,
      provisioner_jobs: ['create', 'read', 'update'],
      // All but what would run something as somebody else.
      workspace: [...CRUD, 'start', 'stop', 'share'],
      workspace_dormant: [...CRUD, 'stop'],
    },
    assigns: organizationRoleNames,
  },
  {
    name: 'organization-auditor',
    displayName: 'Organization Auditor',
    grants: AUDIT_GRANTS,
    assigns: [],
  },
  {
    name: 'organization-template-admin',
    displayName: 'Organization Template Admin',
    grants: { ...TEMPLATE_GRANTS, provisioner_jobs: ['create', 'read', 'update'] },
    assigns: [],
  },
  {
    name: 'organization-user-admin',
    displayName: 'Organization User Admin',
    grants: { ...MEMBER_ADMIN_GRANTS, user: READ },
    assigns: ['organization-workspace-access'],
  },
  // Every member may have workspaces here, so this one adds nothing; clients that know it may still give it.
  {
    name: 'organization-workspace-access',
    displayName: 'Organization Workspace Access',
    grants: {},
    assigns: [],
  },
  // It only takes away, see `authorization.ts`.
  {
    name: WORKSPACE_BAN,
    displayName: 'Organization Workspace Creation Ban',
    grants: {},
    assigns: [],
  },
]

const byName = new Map([...siteRoles, ...organizationRoles].map((role) => [role.name, role]))

export function findRole(name: string): BuiltInRole | undefined {
  return byName.get(name)
}

/** Whether the role allows the action on things of a type that are not the caller's own. */
export function roleGrants(name: string, type: RbacResource, action: RbacAction): boolean {
  const grants = byName.get(name)?.grants
  if (grants === undefined) return false
  if (grants[type]?.includes(action) === true) return true
  return type !== 'user_secret' && grants['*']?.includes(action) === true
}
