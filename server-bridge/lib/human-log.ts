import type { LogSink } from './pino-logger.ts'

const OWN_FIELDS = new Set(['time', 'level', 'msg', 'name', 'pid'])

/** A sink that writes the JSON lines of the logger for people: time, level, message, then the fields. */
export function createHumanLog(target: LogSink): LogSink {
  return {
    write(line) {
      target.write(toHumanLine(line))
    },
  }
}

function toHumanLine(line: string): string {
  const entry = JSON.parse(line) as Record<string, unknown>
  const text = (key: string): string => (typeof entry[key] === 'string' ? entry[key] : '')
  const fields = Object.entries(entry)
    .filter(([key]) => !OWN_FIELDS.has(key))
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`)
  return `${text('time')} ${text('level').padEnd(5)} ${text('msg')}${fields.join('')}\n`
}

/** Quotes where a blank or a line feed would make the end of the value unclear. */
function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value)
}
