/** Who belongs to which organization. */
export interface OrganizationMembersTable {
  organization_id: string
  user_id: string
  roles: string
  created_at: number
  updated_at: number
}
