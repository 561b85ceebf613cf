/** Who wrote what, one row a write. */
export interface AuditLogsTable {
  id: string
  created_at: number
  request_id: string
  user_id: string | null
  organization_id: string | null
  ip: string
  user_agent: string
  resource_type: string
  resource_id: string
  resource_target: string
  action: string
  status_code: number
}
