/** Users for whom another limit holds than for all. */
export interface ChatUsageOverridesTable {
  user_id: string
  spend_limit_micros: number
}
