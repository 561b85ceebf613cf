import { expect, it } from 'vitest'
import { silentLogger } from '../../lib/logger.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createTimelySeeding, SEEDING_WAIT_MS } from './timely-seeding.ts'

it('waits until the templates are there', async () => {
  let isThere = false
  const seed = createTimelySeeding({
    importTemplates: async () => void (isThere = true),
    clock: createFakeClock(0),
    logger: silentLogger,
  })
  await seed('ada')
  expect(isThere).toBe(true)
})

it('fails nobody when they cannot be imported, and tells the log', async () => {
  const errors: unknown[] = []
  const seed = createTimelySeeding({
    importTemplates: () => Promise.reject(new Error('no such folder')),
    clock: createFakeClock(0),
    logger: { ...silentLogger, error: (_, details) => errors.push(details?.['error']) },
  })
  await seed('ada')
  expect(errors).toEqual(['Error: no such folder'])
})

it('holds nobody up for long when they do not end', async () => {
  const clock = createFakeClock(0)
  const seed = createTimelySeeding({
    importTemplates: () => new Promise(() => undefined),
    clock,
    logger: silentLogger,
  })
  let isOver = false
  const seeding = seed('ada').then(() => (isOver = true))
  clock.advance(SEEDING_WAIT_MS - 1)
  await Promise.resolve()
  expect(isOver).toBe(false)
  clock.advance(1)
  await seeding
})
