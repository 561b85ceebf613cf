import { stripSgr } from './sgr.ts'

/** How grave a line is. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error'

/** One line of a log. */
export interface LogLine {
  readonly id: string | number
  /** May carry ANSI colour codes. */
  readonly text: string
  /** When it was written: milliseconds or an ISO text. */
  readonly time?: number | string | undefined
  readonly level?: LogLevel | undefined
  /** The step or source it belongs to, in front of the text. */
  readonly stage?: string | undefined
}

// Made once: building a formatter costs more than painting a line.
const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** `14:02:11` in local time. */
export function formatLogTime(time: number | string): string {
  return timeFormat.format(new Date(time))
}

/** The whole log as plain text, for copying. */
export function logToText(lines: readonly LogLine[]): string {
  return lines
    .map((line) => {
      const time = line.time === undefined ? '' : `${new Date(line.time).toISOString()} `
      const stage = line.stage ? `${line.stage}: ` : ''
      return `${time}${stage}${stripSgr(line.text)}`
    })
    .join('\n')
}

/** What a search looks at: the stage and the text, as they stand beside each other. */
export function searchText(line: LogLine, text: string): string {
  return `${searchPrefix(line)}${text}`
}

/** What stands before the text of a line in its search text. */
export function searchPrefix(line: LogLine): string {
  return line.stage ? `${line.stage} ` : ''
}

/** Widths in characters. */
export interface LogShape {
  readonly stage: number
  readonly text: number
}

/** The widest stage and the widest text, so that all lines share their columns and the whole log scrolls sideways. */
export function measureLog(lines: readonly LogLine[], texts: readonly string[]): LogShape {
  return {
    stage: lines.reduce((width, line) => Math.max(width, line.stage?.length ?? 0), 0),
    text: texts.reduce((width, text) => Math.max(width, text.length), 0),
  }
}
