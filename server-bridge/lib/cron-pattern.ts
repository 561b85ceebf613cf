import { Cron } from 'croner'

/**
 * A pattern of `coder_script.cron`: seconds first, the day of the week may be left out, or a word such as `@daily`
 * (terraform-provider-coder, provider/script.go). Times are those of the machine.
 *
 * @throws {Error} for a pattern that is none.
 */
export function parseCronPattern(pattern: string): Cron {
  const fields = pattern.trim().split(/\s+/)
  return new Cron(fields.length === 5 ? `${pattern} *` : pattern, { paused: true })
}
