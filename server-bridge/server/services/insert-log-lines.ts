import { type Compilable, CompiledQuery } from 'kysely'
import type { Database } from '../db/database.ts'

/** A line as its row has it. */
export interface KeptLine {
  readonly source: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly level: string
  readonly output: string
}

const INSERT = 'INSERT INTO workspace_agent_logs (id, agent_id, log_source_id, created_at, level, output)'

/** As one value and one statement: a statement a line is most of the work where thousands come in a second. */
const INSERT_LINES = `${INSERT}
  SELECT ? + key, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`

/** A third less work than the other, but for the statement itself. */
const INSERT_OUTPUTS = `${INSERT} SELECT ? + key, ?, ?, ?, ?, value FROM json_each(?)`

/** Lines of such a run cost together what the statement costs more. */
const WORTHWHILE_RUN = 32

/** Text written out, where building it takes longer than running it. */
export const query = <T>(text: string, ...parameters: unknown[]): Compilable<T> => ({
  compile: () => CompiledQuery.raw(text, parameters),
})

/** Adds the lines to the log of the agent, with ids one after the other from `firstId`. */
export function insertLogLines(
  db: Database,
  agentId: string,
  firstId: number,
  lines: readonly KeptLine[],
): void {
  if (lines.length === 0) return
  const runs = runsOf(lines)
  if (runs.length * WORTHWHILE_RUN > lines.length) {
    const rows = lines.map((line) => [line.source, line.createdAt, line.level, line.output])
    db.run(query(INSERT_LINES, firstId, agentId, JSON.stringify(rows)))
    return
  }
  let id = firstId
  for (const { first, outputs } of runs) {
    const { source, createdAt, level } = first
    db.run(query(INSERT_OUTPUTS, id, agentId, source, createdAt, level, JSON.stringify(outputs)))
    id += outputs.length
  }
}

interface Run {
  readonly first: KeptLine
  readonly outputs: string[]
}

/** Lines that follow one another and differ in nothing but their text, as those of a flood do. */
function runsOf(lines: readonly KeptLine[]): Run[] {
  const runs: Run[] = []
  for (const line of lines) {
    const run = runs.at(-1)
    if (
      run?.first.createdAt === line.createdAt &&
      run.first.source === line.source &&
      run.first.level === line.level
    )
      run.outputs.push(line.output)
    else runs.push({ first: line, outputs: [line.output] })
  }
  return runs
}
