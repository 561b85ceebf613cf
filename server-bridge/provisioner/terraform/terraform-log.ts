import { z } from 'zod'
import type { ProvisionerLog } from '../provisioner.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const
type Level = (typeof levels)[number]

const place = z.object({
  filename: z.string(),
  start: z.object({ line: z.number(), column: z.number() }),
})

/** One line of Terraform's machine-readable UI (developer.hashicorp.com, "Machine-Readable UI"), as far as we read it. */
const lineSchema = z.object({
  '@level': z.string(),
  '@message': z.string(),
  type: z.string().optional(),
  diagnostic: z
    .object({
      severity: z.string(),
      summary: z.string(),
      detail: z.string().optional(),
      range: place.optional(),
    })
    .optional(),
})

/** Longer lines are cut: a provider may print a whole document. */
const maxLineChars = 8 * 1024

export interface TerraformOutput {
  readonly onOutput: (line: string) => void
  readonly onError: (line: string) => void
  /** What went wrong, the first error with its place; undefined while nothing did. */
  readonly problem: () => string | undefined
}

/** Puts what Terraform prints into a job's log, and remembers its first error. */
export function createTerraformOutput(log: ProvisionerLog, stage: string): TerraformOutput {
  let problem: string | undefined
  const complaints: string[] = []
  let isFailing = false
  const write = (level: Level, text: string): void => {
    for (const line of text.split('\n')) {
      if (line.trim() !== '') log(level, stage, line.slice(0, maxLineChars))
    }
  }
  return {
    onOutput(line) {
      const parsed = parseLine(line)
      if (parsed === undefined) {
        write('debug', line)
        return
      }
      const { diagnostic } = parsed
      const level = toLevel(diagnostic?.severity === 'warning' ? 'warn' : parsed['@level'])
      if (diagnostic === undefined) {
        write(level, parsed['@message'])
        return
      }
      const { summary, detail = '', range } = diagnostic
      const at = range === undefined ? '' : `${range.filename}:${range.start.line}:${range.start.column}: `
      const text = detail === '' ? `${at}${summary}` : `${at}${summary}: ${detail}`
      if (level === 'error') problem ??= text
      write(level, text)
    },
    onError(line) {
      // Terraform draws a box around what it has to say.
      const text = line.replace(/^[╷│╵]\s?/, '').trim()
      if (text === '') return
      isFailing ||= /^Error\b/.test(text)
      if (isFailing) complaints.push(text)
      write(isFailing ? 'error' : 'warn', text)
    },
    problem: () => problem ?? (complaints.length === 0 ? undefined : complaints.slice(0, 8).join(' ')),
  }
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return lineSchema.safeParse(JSON.parse(line)).data
  } catch {
    // Not every line of a provider is JSON.
    return undefined
  }
}

function toLevel(level: string): Level {
  return levels.find((known) => known === level) ?? 'info'
}
