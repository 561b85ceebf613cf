import { jsonText } from './json-text.ts'
import { joinBlocks } from './markdown-blocks.ts'
import { messageText, type ToolCall, type TranscriptRow } from './transcript-rows.ts'
import { outputOf } from './tools/tool-words.ts'

const maxResult = 20_000

/** What is said in a row, to search in. */
export function rowText(row: TranscriptRow): string {
  switch (row.kind) {
    case 'user':
      return [
        messageText(row.message),
        ...(row.message.content ?? []).map((part) => part.file_name ?? part.name ?? ''),
      ].join('\n')
    case 'text':
    case 'reasoning':
      return typeof row.text === 'string' ? row.text : joinBlocks(row.text)
    case 'note':
      return row.text
    case 'tool':
      return callText(row.call)
    case 'reads':
      return row.calls.map(callText).join('\n')
    case 'sources':
      return row.parts.map(({ title, url }) => `${title ?? ''} ${url ?? ''}`).join('\n')
    case 'error':
      return `${row.error.message}\n${row.error.detail ?? ''}`
    default:
      return ''
  }
}

function callText({ name, args, result }: ToolCall): string {
  const said = result === undefined ? '' : (outputOf(result) ?? jsonText(result, maxResult))
  return `${name}\n${args === undefined ? '' : jsonText(args, maxResult)}\n${said.slice(0, maxResult)}`
}
