import { expect, it } from 'vitest'
import { createHumanLog } from './human-log.ts'
import { createPinoLogger } from './pino-logger.ts'

it('writes one readable line an entry', () => {
  const lines: string[] = []
  const logger = createPinoLogger({
    name: 'x',
    sinks: [createHumanLog({ write: (line) => lines.push(line) })],
  })
  logger.warn('It went wrong', { port: 4000, path: '/a/b', reason: 'two\nlines' })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(
    /^[\d-]+T[\d:.]+Z warn {2}It went wrong port=4000 path=\/a\/b reason="two\\nlines"\n$/,
  )
})
