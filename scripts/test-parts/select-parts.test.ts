import { beforeEach, describe, expect, it } from 'vitest'
import { ScriptFailure } from '../script-failure.ts'
import { NOTHING } from './outcome.ts'
import type { Part } from './parts.ts'
import { runParts } from './run-parts.ts'
import { selectParts } from './select-parts.ts'

function part(name: string, needs: string[] = [], failed = 0): Part & { runs: number } {
  const made = {
    name,
    needs,
    runs: 0,
    run: () => {
      made.runs += 1
      return Promise.resolve({ ...NOTHING, failed, passed: 1 - failed, failures: failed > 0 ? [name] : [] })
    },
  }
  return made
}

const names = (args: string[]) => selectParts(args, ALL).parts.map(({ name }) => name)
const ALL = [part('check'), part('unit'), part('build'), part('e2e', ['build'])]

describe('the command line of npm test', () => {
  it('runs all parts when none is named', () => {
    expect(names([])).toEqual(['check', 'unit', 'build', 'e2e'])
  })

  it('runs the named parts in the usual order, with what they need', () => {
    expect(names(['e2e', 'check'])).toEqual(['check', 'build', 'e2e'])
  })

  it('passes on what follows the parts', () => {
    expect(selectParts(['unit', 'main/rpc', '-u'], ALL).filters).toEqual(['main/rpc', '-u'])
  })

  it('refuses a part that does not exist', () => {
    expect(() => selectParts(['units'], ALL)).toThrow(ScriptFailure)
  })
})

describe('a run of parts', () => {
  let lines: string[] = []
  const print = (line: string): void => void lines.push(line)
  beforeEach(() => {
    lines = []
  })

  it('goes on after a failure', async () => {
    const [first, second] = [part('check', [], 1), part('unit')]
    const total = await runParts({ parts: [first, second], filters: [] }, print)
    expect(second.runs).toBe(1)
    expect(total).toMatchObject({ passed: 1, failed: 1, failures: ['check'] })
  })

  it('fails what needs a failed part, without running it', async () => {
    const [build, e2e] = [part('build', [], 1), part('e2e', ['build'])]
    const total = await runParts({ parts: [build, e2e], filters: [] }, print)
    expect(e2e.runs).toBe(0)
    expect(total.failures).toEqual(['build', 'e2e: not run, because build failed'])
  })

  it('ends with the summary, in one line that is like no other', async () => {
    await runParts({ parts: [part('check'), part('unit', [], 1)], filters: [] }, print)
    const summaries = lines
      .join('\n')
      .split('\n')
      .filter((line) => /^\d+ passed, \d+ failed/.test(line))
    expect(summaries).toEqual(['1 passed, 1 failed'])
    expect(lines.at(-1)?.trim()).toBe('1 passed, 1 failed')
  })

  it('does one part beside the others, and waits for it at the end', async () => {
    const unit = part('unit')
    const lint = {
      ...part('lint', [], 1),
      beside: true,
      run: async () => {
        expect(unit.runs).toBe(0)
        while (unit.runs === 0) await Promise.resolve()
        return { ...NOTHING, failed: 1, failures: ['lint'] }
      },
    }
    const total = await runParts({ parts: [lint, unit], filters: [] }, print)
    expect(total).toMatchObject({ passed: 1, failed: 1, failures: ['lint'] })
    expect(lines.filter((line) => line.startsWith('✗ lint'))).toHaveLength(1)
  })

  it('counts a part that throws as failed', async () => {
    const broken: Part = { name: 'unit', needs: [], run: () => Promise.reject(new Error('no vitest')) }
    const total = await runParts({ parts: [broken], filters: [] }, print)
    expect(total.failures).toEqual([expect.stringMatching(/^unit: Error: no vitest/)])
  })
})
