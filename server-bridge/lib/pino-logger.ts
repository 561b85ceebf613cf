import { pino } from 'pino'
import type { Logger as Pino } from 'pino'
import type { LogFields, Logger } from './logger.ts'
import { redactText, redactValue } from './redact.ts'

/** Where finished lines go, each with its line feed: a rotating file, a ring buffer, stderr. */
export interface LogSink {
  write(line: string): void
}

export interface PinoLoggerOptions {
  /** The process that writes, on every line. */
  readonly name: string
  readonly level?: 'debug' | 'info' | 'warn' | 'error'
  readonly sinks: readonly LogSink[]
}

/**
 * The logger of a process: JSON lines by pino, with every message and field passed through redaction first. No worker
 * transports: they need files of their own, which a bundle does not have.
 */
export function createPinoLogger(options: PinoLoggerOptions): Logger {
  const sink = {
    write: (line: string) => {
      for (const target of options.sinks) target.write(line)
    },
  }
  const base = pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      // The host name says nothing on a log of one machine, and does not belong in a report.
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  )
  return wrap(base, {})
}

function wrap(target: Pino, bound: LogFields): Logger {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) => {
    if (!target.isLevelEnabled(level)) return
    target[level](redactValue({ ...bound, ...fields }) as object, redactText(message))
  }
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => wrap(target, { ...bound, ...fields }),
  }
}
