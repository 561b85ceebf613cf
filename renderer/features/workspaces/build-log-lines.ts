import type { ProvisionerJobLog } from '#bridge/contract/provisioner-jobs'
import type { WorkspaceAgentLog, WorkspaceAgentLogSource } from '#bridge/contract/workspace-agents'
import type { LogLevel, LogLine } from '../../ui/log/log-line.ts'
import { stageName } from './stage-name.ts'

const levels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error']

function levelOf(level: string): LogLevel {
  // Newer servers may have levels we do not know.
  return levels.includes(level) ? (level as LogLevel) : 'info'
}

/** A build's log with a heading where a stage begins. */
export function buildLogLines(logs: readonly ProvisionerJobLog[]): readonly LogLine[] {
  const lines: LogLine[] = []
  let stage = ''
  for (const log of logs) {
    if (log.stage !== '' && log.stage !== stage) {
      stage = log.stage
      lines.push({
        id: `stage-${log.id}`,
        text: `\u001b[1m${stageName(stage)}\u001b[0m`,
        time: log.created_at,
      })
    }
    if (log.output !== '') {
      lines.push({ id: log.id, text: log.output, time: log.created_at, level: levelOf(log.log_level) })
    }
  }
  return lines
}

/** An agent's log, each line with the script it comes from. */
export function agentLogLines(
  logs: readonly WorkspaceAgentLog[],
  sources: readonly WorkspaceAgentLogSource[],
): readonly LogLine[] {
  const names = new Map(sources.map((source) => [source.id, source.display_name]))
  const several = sources.length > 1
  return logs.map((log) => ({
    id: log.id,
    text: log.output,
    time: log.created_at,
    level: levelOf(log.level),
    stage: several ? names.get(log.source_id) : undefined,
  }))
}
