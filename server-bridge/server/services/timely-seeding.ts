import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ImportShippedTemplates } from './shipped-templates.ts'

/** More than the imports need that come with a release; whoever waits longer signs in without them. */
export const SEEDING_WAIT_MS = 10_000

export interface TimelySeedingDeps {
  readonly importTemplates: ImportShippedTemplates
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * The import of the shipped templates as a part of a sign-in, which they must not stand in the way of: it never fails, and
 * answers at the latest after `SEEDING_WAIT_MS` while the import goes on.
 */
export function createTimelySeeding({
  importTemplates,
  clock,
  logger,
}: TimelySeedingDeps): ImportShippedTemplates {
  return async (userId) => {
    const seeding = importTemplates(userId).catch((error: unknown) => {
      logger.error('The shipped templates could not be imported', { error: String(error) })
    })
    let cancel = (): void => undefined
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(SEEDING_WAIT_MS, resolve)
    })
    await Promise.race([seeding, late])
    cancel()
  }
}
