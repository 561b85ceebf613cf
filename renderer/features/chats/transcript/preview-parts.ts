/** The parts of a step that is not saved yet, put together from the pieces the stream says. */
import type { ChatMessagePart } from '#bridge/contract/chats-messages'
import { appendMarkdown, noBlocks, type MarkdownBlocks } from './markdown-blocks.ts'

/** A part that is being written. Only text that somebody reads is kept whole; of arguments the whole part comes later. */
export type PreviewPart =
  | {
      readonly kind: 'text' | 'reasoning'
      readonly blocks: MarkdownBlocks
      readonly startedAt: string | undefined
      readonly endedAt: string | undefined
    }
  | {
      readonly kind: 'call'
      readonly id: string
      /** The whole part, or the last piece of one. */
      readonly part: ChatMessagePart
      /** The first characters of the arguments. */
      readonly head: string
      readonly argsLength: number
      readonly result: ChatMessagePart | undefined
      /** What a tool says while it works. */
      readonly progress: MarkdownBlocks
    }
  | {
      /** Of a call that is saved already. */
      readonly kind: 'result'
      readonly id: string
      readonly result: ChatMessagePart | undefined
      readonly progress: MarkdownBlocks
    }
  | { readonly kind: 'other'; readonly part: ChatMessagePart }

const headLength = 2000

/** Adds a piece. The list is copied, what its parts hold is not. */
export function addPreviewPart(parts: readonly PreviewPart[], part: ChatMessagePart): readonly PreviewPart[] {
  switch (part.type) {
    case 'text':
      return addText(parts, part, 'text')
    case 'reasoning':
      return addText(parts, part, 'reasoning')
    case 'tool-call':
      return addCall(parts, part)
    case 'tool-result':
      return addResult(parts, part)
    default:
      return [...parts, { kind: 'other', part }]
  }
}

function addText(
  parts: readonly PreviewPart[],
  part: ChatMessagePart,
  kind: 'text' | 'reasoning',
): readonly PreviewPart[] {
  const added = part.text ?? ''
  const last = parts.at(-1)
  const goesOn = last?.kind === kind
  if (!goesOn && added === '') return parts
  const before = goesOn ? last : { blocks: noBlocks, startedAt: part.created_at, endedAt: undefined }
  return [
    ...(goesOn ? parts.slice(0, -1) : parts),
    {
      kind,
      blocks: appendMarkdown(before.blocks, added),
      startedAt: before.startedAt,
      endedAt: part.completed_at ?? before.endedAt,
    },
  ]
}

function addCall(parts: readonly PreviewPart[], part: ChatMessagePart): readonly PreviewPart[] {
  const id = part.tool_call_id ?? ''
  const index = parts.findLastIndex((other) => other.kind === 'call' && other.id === id)
  const before = parts[index]
  const delta = part.args_delta ?? ''
  if (before?.kind !== 'call') {
    return [
      ...parts,
      {
        kind: 'call',
        id,
        part,
        head: delta.slice(0, headLength),
        argsLength: delta.length,
        result: undefined,
        progress: noBlocks,
      },
    ]
  }
  return parts.with(index, {
    ...before,
    part: { ...before.part, ...part, created_at: before.part.created_at ?? part.created_at },
    head: before.head.length < headLength ? (before.head + delta).slice(0, headLength) : before.head,
    argsLength: before.argsLength + delta.length,
  })
}

function addResult(parts: readonly PreviewPart[], part: ChatMessagePart): readonly PreviewPart[] {
  const id = part.tool_call_id ?? ''
  const index = parts.findLastIndex((other) => isOfCall(other, id))
  const before = parts[index]
  if (before?.kind !== 'call' && before?.kind !== 'result') {
    return addResult([...parts, { kind: 'result', id, result: undefined, progress: noBlocks }], part)
  }
  if (part.result_reset === true) return parts.with(index, { ...before, progress: noBlocks })
  if (part.result_delta !== undefined && part.result === undefined) {
    return parts.with(index, { ...before, progress: appendMarkdown(before.progress, part.result_delta) })
  }
  return parts.with(index, { ...before, result: part })
}

function isOfCall(part: PreviewPart, id: string): boolean {
  return (part.kind === 'call' || part.kind === 'result') && part.id === id
}
