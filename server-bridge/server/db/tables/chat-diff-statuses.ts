/** What the work of a chat had changed when its workspace was last looked into. */
export interface ChatDiffStatusesTable {
  chat_id: string
  /** Empty: no branch is checked out. */
  branch: string
  /** Empty: the repository has no origin. */
  remote_origin: string
  /** The default branch of the origin; empty: not known. */
  base_branch: string
  /** Of the branch on its forge; empty: it is not known to be there. */
  url: string
  additions: number
  deletions: number
  changed_files: number
  refreshed_at: number
}
