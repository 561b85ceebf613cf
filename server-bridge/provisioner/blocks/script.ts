import type { BlockReader } from '../block-reader.ts'
import { parseCronPattern } from '../../lib/cron-pattern.ts'
import type { PlannedScript } from '../provisioner.ts'

/** Reads a `resource "coder_script"` block, without its agent. */
export function readScript(reader: BlockReader): PlannedScript {
  const script: PlannedScript = {
    displayName: reader.requiredText('display_name'),
    icon: reader.text('icon'),
    script: reader.requiredText('script'),
    cron: reader.text('cron'),
    logPath: reader.text('log_path'),
    runOnStart: reader.bool('run_on_start', false),
    runOnStop: reader.bool('run_on_stop', false),
    startBlocksLogin: reader.bool('start_blocks_login', false),
    timeoutSeconds: reader.integer('timeout') ?? 0,
  }
  reader.finish()
  if (script.timeoutSeconds < 0) throw reader.error('timeout', 'A time cannot be negative; 0 means no limit.')
  if (script.startBlocksLogin && !script.runOnStart) {
    throw reader.error('start_blocks_login', 'Only a script with run_on_start can do that.')
  }
  if (!script.runOnStart && !script.runOnStop && script.cron === '') {
    throw reader.error('script', 'This script never runs: set run_on_start, run_on_stop or cron.')
  }
  if (script.cron !== '') requireCronPattern(reader, script.cron)
  return script
}

function requireCronPattern(reader: BlockReader, pattern: string): void {
  try {
    parseCronPattern(pattern)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw reader.error('cron', `"${pattern}" is no cron expression of seconds, minutes, hours, … : ${reason}`)
  }
}
