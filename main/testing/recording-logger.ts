import type { LogFields, Logger } from '#bridge/lib/logger'
import { createPinoLogger } from '#bridge/lib/pino-logger'

export interface RecordingLogger extends Logger {
  /** Everything that would stand in the log file, through the real serialiser and its redaction. */
  readonly lines: readonly string[]
}

/** The product's logger, writing to memory. */
export function createRecordingLogger(): RecordingLogger {
  const lines: string[] = []
  const logger = createPinoLogger({
    name: 'test',
    level: 'debug',
    sinks: [{ write: (line) => void lines.push(line) }],
  })
  return {
    debug: (message: string, fields?: LogFields) => logger.debug(message, fields),
    info: (message: string, fields?: LogFields) => logger.info(message, fields),
    warn: (message: string, fields?: LogFields) => logger.warn(message, fields),
    error: (message: string, fields?: LogFields) => logger.error(message, fields),
    child: (fields) => logger.child(fields),
    lines,
  }
}
