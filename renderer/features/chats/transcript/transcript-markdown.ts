/** A chat as a text in Markdown, to keep or to send on. */
import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import { buildRows } from './build-rows.ts'
import { oneLine } from './hostile-text.ts'
import { jsonText } from './json-text.ts'
import { textField } from './tool-fields.ts'
import { messageText, type ToolCall, type TranscriptRow } from './transcript-rows.ts'
import { outputOf } from './tools/tool-words.ts'

const maxResult = 20_000

/** The whole of what is loaded. Words stay as they were written; calls of tools become blocks of code. */
export function transcriptMarkdown(title: string, messages: readonly ChatMessage[]): string {
  const rows = buildRows(messages, { isBusy: false, approvals: [], outside: [] })
  const blocks = [`# ${oneLine(title)}`]
  let speaker = ''
  for (const row of rows) {
    const said = rowMarkdown(row)
    if (said === '') continue
    const next = row.kind === 'user' ? '## You' : '## Agent'
    if (next !== speaker) blocks.push(next)
    speaker = next
    blocks.push(said)
  }
  return `${blocks.join('\n\n')}\n`
}

function rowMarkdown(row: TranscriptRow): string {
  switch (row.kind) {
    case 'user':
      return [...attachments(row.message), messageText(row.message)]
        .filter((line) => line !== '')
        .join('\n\n')
    case 'text':
      return typeof row.text === 'string' ? row.text : ''
    case 'reasoning':
      return typeof row.text === 'string' ? quote(`Thought:\n\n${row.text}`) : ''
    case 'tool':
      return callMarkdown(row.call)
    case 'reads':
      return row.calls.map((call) => `- Read \`${oneLine(textField(call.args, 'path') ?? '')}\``).join('\n')
    case 'sources':
      return row.parts
        .map(({ title, url = '' }) => `- ${oneLine(title || url)}: <${oneLine(url, 2000)}>`)
        .join('\n')
    case 'file':
      return `- File \`${oneLine(row.part.name ?? '')}\``
    case 'note':
      return quote(row.text)
    default:
      return ''
  }
}

function attachments({ content }: ChatMessage): string[] {
  return (content ?? []).flatMap((part) => {
    if (part.type === 'file') return [`- File \`${oneLine(part.name ?? '')}\``]
    return part.type === 'file-reference' ? [referenceMarkdown(part)] : []
  })
}

function referenceMarkdown({
  file_name: name = '',
  start_line: from,
  end_line: to,
  content,
}: ChatMessagePart): string {
  return `- \`${oneLine(name)}:${from ?? 0}-${to ?? 0}\`\n\n${fenced(content ?? '')}`
}

function callMarkdown({ name, args, result, state }: ToolCall): string {
  const command = name === 'execute' ? textField(args, 'command') : undefined
  const asked =
    command === undefined ? fenced(jsonText(args ?? {}, maxResult), 'json') : fenced(`$ ${command}`, 'sh')
  const said = result === undefined ? '' : (outputOf(result) ?? jsonText(result, maxResult))
  const outcome = state === 'failed' || state === 'denied' || state === 'stopped' ? `, ${state}` : ''
  return [
    `**Tool \`${oneLine(name, 100)}\`${outcome}:**`,
    asked,
    said === '' ? '' : fenced(said.slice(0, maxResult)),
  ]
    .filter((block) => block !== '')
    .join('\n\n')
}

/** A block of code whose marks are longer than any inside of it. */
function fenced(text: string, language = ''): string {
  const longest = (text.match(/`{3,}/g) ?? []).reduce((most, marks) => Math.max(most, marks.length), 2)
  const marks = '`'.repeat(longest + 1)
  return `${marks}${language}\n${text.replace(/\n$/, '')}\n${marks}`
}

function quote(text: string): string {
  return text.replace(/^/gm, '> ')
}
