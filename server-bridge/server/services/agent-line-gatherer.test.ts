import { describe, expect, it } from 'vitest'
import { waitFor } from '../../testing/wait-for.ts'
import type { Database } from '../db/database.ts'
import { createAgentLineGatherer } from './agent-line-gatherer.ts'

const line = (seq: number) => ({
  seq,
  log_source_id: 's',
  created_at: '',
  level: 'info',
  output: String(seq),
})

/** Rows of a database that undoes what fails, and counts how often the disk was waited for. */
function stand(refused?: string) {
  let rows: string[] = []
  let depth = 0
  const written = { transactions: 0 }
  const transaction = <T>(work: () => T): T => {
    if (depth > 0) return work()
    const before = [...rows]
    written.transactions += 1
    depth += 1
    try {
      return work()
    } catch (error) {
      rows = before
      throw error
    } finally {
      depth -= 1
    }
  }
  const gatherer = createAgentLineGatherer({ transaction } as Database, {
    appendNumbered: (agentId, lines) =>
      transaction(() => {
        for (const { seq } of lines) rows.push(`${agentId}${seq}`)
        if (agentId === refused) throw new Error('refused')
      }),
  })
  return { gatherer, written, rows: () => rows }
}

const ignore = (): void => undefined

describe('lines of agents', () => {
  it('are kept together, each agent in its order', async () => {
    const { gatherer, rows, written } = stand()
    gatherer.add('a', [line(1)], ignore)
    gatherer.add('b', [line(1)], ignore)
    gatherer.add('a', [line(2), line(3)], ignore)
    expect(rows()).toEqual([])
    await waitFor('the lines', () => (rows().length === 4 ? true : undefined))
    expect(rows()).toEqual(['a1', 'a2', 'a3', 'b1'])
    expect(written.transactions).toBe(1)
  })

  it('are kept at once when asked, and only once', async () => {
    const { gatherer, rows } = stand()
    gatherer.add('a', [line(1)], ignore)
    gatherer.flush()
    expect(rows()).toEqual(['a1'])
    gatherer.add('a', [line(2)], ignore)
    await waitFor('the second', () => (rows().length > 1 ? true : undefined))
    expect(rows()).toEqual(['a1', 'a2'])
  })

  it('of one that cannot be kept cost no others theirs, and it hears why', () => {
    const { gatherer, rows } = stand('b')
    const failures: unknown[] = []
    for (const agent of ['a', 'b', 'c']) gatherer.add(agent, [line(1)], (error) => failures.push(error))
    gatherer.flush()
    expect(rows()).toEqual(['a1', 'c1'])
    expect(failures).toEqual([new Error('refused')])
  })
})
