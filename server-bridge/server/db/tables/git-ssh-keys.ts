/** One key pair a user; the private half is sealed (secret-box). */
export interface GitSshKeysTable {
  user_id: string
  public_key: string
  private_key: string
  created_at: number
  updated_at: number
}
