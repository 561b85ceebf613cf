import type { Draft, DraftAttachment, DraftReference } from './draft.ts'

/** A draft as it was written down, or nothing when it is not one. */
export function parseDraft(stored: unknown): Draft | undefined {
  if (!isRecord(stored) || typeof stored['text'] !== 'string') return undefined
  const { text, planMode, organizationId, modelConfigId, effort, mcpServerIds } = stored
  return {
    text,
    attachments: items(stored['attachments']).flatMap(parseAttachment),
    references: items(stored['references']).flatMap(parseReference),
    ...(typeof planMode === 'boolean' ? { planMode } : {}),
    ...(typeof organizationId === 'string' ? { organizationId } : {}),
    ...(typeof modelConfigId === 'string' ? { modelConfigId } : {}),
    ...(typeof effort === 'string' ? { effort } : {}),
    ...(Array.isArray(mcpServerIds)
      ? { mcpServerIds: mcpServerIds.filter((id): id is string => typeof id === 'string') }
      : {}),
  }
}

type Stored = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null
}

function items(value: unknown): readonly Stored[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function parseAttachment(stored: Stored): DraftAttachment[] {
  const { id, name, mediaType, bytes, fileId, organizationId, text } = stored
  if (typeof id !== 'string' || typeof name !== 'string' || typeof mediaType !== 'string') return []
  return [
    {
      id,
      name,
      mediaType,
      bytes: typeof bytes === 'number' ? bytes : 0,
      ...(typeof fileId === 'string' ? { fileId } : {}),
      ...(typeof organizationId === 'string' ? { organizationId } : {}),
      ...(typeof text === 'string' ? { text } : {}),
    },
  ]
}

function parseReference({ fileName, startLine, endLine, content }: Stored): DraftReference[] {
  if (typeof fileName !== 'string' || typeof content !== 'string') return []
  if (typeof startLine !== 'number' || typeof endLine !== 'number') return []
  return [{ fileName, startLine, endLine, content }]
}
