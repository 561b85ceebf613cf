import { describe, expect, it } from 'vitest'
import { createPinoLogger } from './pino-logger.ts'

function record() {
  const lines: string[] = []
  const sink = { write: (line: string) => lines.push(line) }
  return { lines, sink, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe('the logger of a process', () => {
  it('writes one JSON line with level, time, name and fields to every sink', () => {
    const [first, second] = [record(), record()]
    createPinoLogger({ name: 'main', sinks: [first.sink, second.sink] }).info('Started', { port: 1 })
    expect(first.lines).toEqual(second.lines)
    expect(first.lines[0]?.endsWith('}\n')).toBe(true)
    expect(first.parsed()[0]).toMatchObject({ level: 'info', name: 'main', msg: 'Started', port: 1 })
  })

  it('redacts messages, fields and the fields of children', () => {
    const { lines, sink } = record()
    const secret = 'abcdefghij-abcdefghijklmnopqrstuv'
    const logger = createPinoLogger({ name: 'main', sinks: [sink] }).child({ token: 'opaque' })
    logger.error(`Refused ${secret}`, {
      headers: { 'CODER-session-TOKEN': 'opaque' },
      error: new Error(`GET https://h.example/?token=opaque ${secret}`),
    })
    expect(lines.join('')).not.toMatch(/opaque|abcdefghij-/)
    expect(lines.join('')).toContain('Refused [redacted]')
  })

  it('keeps quiet below its level, and adds the fields of a child', () => {
    const { parsed, sink } = record()
    const logger = createPinoLogger({ name: 'main', level: 'warn', sinks: [sink] })
    logger.info('unheard')
    logger.child({ windowId: 1 }).child({ feature: 'x' }).warn('heard')
    expect(parsed()).toHaveLength(1)
    expect(parsed()[0]).toMatchObject({ windowId: 1, feature: 'x', msg: 'heard' })
  })
})
