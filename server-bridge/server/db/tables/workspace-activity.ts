/** One row for each minute in which a workspace was used by way of an app; `minute` counts from the epoch. */
export interface WorkspaceActivityTable {
  workspace_id: string
  app: string
  minute: number
  user_id: string
  template_id: string
}
