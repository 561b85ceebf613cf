/** Organizations; the local deployment has the default one only. */
export interface OrganizationsTable {
  id: string
  name: string
  display_name: string
  description: string
  icon: string
  is_default: number
  created_at: number
  updated_at: number
}
