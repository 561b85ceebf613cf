/** Accounts. `password_hash` is absent for an owner who signs in through the app. */
export interface UsersTable {
  id: string
  username: string
  email: string
  name: string
  avatar_url: string
  password_hash: string | null
  status: string
  login_type: string
  roles: string
  created_at: number
  updated_at: number
  last_seen_at: number | null
  service_account: number
  /** Other rows keep naming a deleted account; its own are gone. */
  deleted: number
}
