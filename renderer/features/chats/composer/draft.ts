import type { ChatInputPart, ChatMessagePart } from '#bridge/contract/chats-messages'

/** A file that goes along. Its bytes lie on the deployment once `fileId` is known. */
export interface DraftAttachment {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
  readonly fileId?: string
  /** In whose organization they lie, where that was said. */
  readonly organizationId?: string
  /** Of a long paste: kept, so that it can be put back into the text. */
  readonly text?: string
}

/** Lines of a file that a comment is about. */
export interface DraftReference {
  readonly fileName: string
  readonly startLine: number
  readonly endLine: number
  readonly content: string
}

/** What is written and not sent, with what was chosen for it. Absent choices: as the chat has them. */
export interface Draft {
  readonly text: string
  readonly attachments: readonly DraftAttachment[]
  readonly references: readonly DraftReference[]
  readonly planMode?: boolean
  /** Of a new chat. */
  readonly organizationId?: string
  readonly modelConfigId?: string
  readonly effort?: string
  readonly mcpServerIds?: readonly string[]
}

export const emptyDraft: Draft = { text: '', attachments: [], references: [] }

/** Whether there is something to send. */
export function hasContent({ text, attachments, references }: Draft): boolean {
  return text.trim() !== '' || attachments.length > 0 || references.length > 0
}

/** The parts of a message. */
export function partsOf({ text, attachments, references }: Draft): ChatInputPart[] {
  return [
    ...references.map((reference): ChatInputPart => ({
      type: 'file-reference',
      file_name: reference.fileName,
      start_line: reference.startLine,
      end_line: reference.endLine,
      content: reference.content,
    })),
    ...(text.trim() === '' ? [] : [{ type: 'text' as const, text }]),
    ...attachments.flatMap(({ fileId }): ChatInputPart[] =>
      fileId === undefined ? [] : [{ type: 'file', file_id: fileId }],
    ),
  ]
}

/** A message of before as a draft, to be written anew. */
export function draftOf(parts: readonly ChatMessagePart[]): Draft {
  const texts: string[] = []
  const attachments: DraftAttachment[] = []
  const references: DraftReference[] = []
  for (const part of parts) {
    if (part.type === 'text' && part.text !== undefined) texts.push(part.text)
    else if (part.type === 'file' && part.file_id) {
      attachments.push({
        id: part.file_id,
        fileId: part.file_id,
        name: part.name ?? 'File',
        mediaType: part.media_type ?? '',
        bytes: 0,
      })
    } else if (part.type === 'file-reference') {
      references.push({
        fileName: part.file_name ?? '',
        startLine: part.start_line ?? 0,
        endLine: part.end_line ?? 0,
        content: part.content ?? '',
      })
    }
  }
  return { text: texts.join('\n\n'), attachments, references }
}

/** What was on its way and came back, before what was written since. */
export function mergeDrafts(returned: Draft, since: Draft): Draft {
  return {
    ...returned,
    ...since,
    text: [returned.text, since.text].filter((text) => text !== '').join('\n\n'),
    attachments: [...returned.attachments, ...since.attachments],
    references: [...returned.references, ...since.references],
  }
}
