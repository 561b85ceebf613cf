import type { LogLine } from '../../ui/log/log-line.ts'
import { jsonText, showUnseen } from '../chats/index.ts'

/** More is only in the file that a run is exported to. */
const maxCharacters = 400_000

/** A value of a deployment as lines of JSON, in which everything is seen. */
export function jsonLines(value: unknown): readonly LogLine[] {
  return jsonText(value, maxCharacters)
    .split('\n')
    .map((line, id) => ({ id, text: showUnseen(line) }))
}
