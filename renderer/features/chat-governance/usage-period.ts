const dayMs = 24 * 60 * 60_000

/** From so many days ago until now, as the deployment wants it. */
export function lastDays(
  days: number,
  now: number,
): { readonly startDate: string; readonly endDate: string } {
  return { startDate: new Date(now - days * dayMs).toISOString(), endDate: new Date(now).toISOString() }
}
