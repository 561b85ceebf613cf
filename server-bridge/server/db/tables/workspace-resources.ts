/** Resources a job planned or made. */
export interface WorkspaceResourcesTable {
  id: string
  job_id: string
  position: number
  transition: string
  type: string
  name: string
  hide: number
  icon: string
  daily_cost: number
  metadata: string
  created_at: number
}
