import type { Template } from '#bridge/contract/templates'
import { formatElapsed } from '../../lib/duration.ts'

/** What the deployment has measured of a template, and nothing it does not know: `Starts in 1:10 · 214 people use it`. */
export function templateFacts({ build_time_stats, active_user_count }: Template): readonly string[] {
  const median = build_time_stats['start']?.P50 ?? 0
  return [
    ...(median > 0 ? [`Usually starts in ${formatElapsed(median)}`] : []),
    // One is most likely oneself.
    ...(active_user_count > 1 ? [`${active_user_count} people use it`] : []),
  ]
}
