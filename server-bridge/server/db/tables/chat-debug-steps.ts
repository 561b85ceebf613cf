/** One call to a model, with all its attempts. What was said is JSON, without secrets and cut to a size. */
export interface ChatDebugStepsTable {
  id: string
  run_id: string
  step_number: number
  operation: string
  status: string
  history_tip_message_id: number | null
  assistant_message_id: number | null
  normalized_request: string
  normalized_response: string | null
  usage: string | null
  attempts: string
  error: string | null
  started_at: number
  updated_at: number
  finished_at: number | null
}
