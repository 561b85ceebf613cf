/** Hours since the epoch in which a user used a workspace of a template. Filled by triggers of the database. */
export interface TemplateUseHoursTable {
  template_id: string
  user_id: string
  hour: number
}
