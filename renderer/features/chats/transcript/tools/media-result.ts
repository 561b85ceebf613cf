import { oneLine } from '../hostile-text.ts'
import { textField } from '../tool-fields.ts'
import type { LoadedFile } from '../transcript-actions.ts'
import type { ToolCall } from '../transcript-rows.ts'

/** The picture or file a tool answered. */
export function mediaOf({
  isMedia,
  result,
}: ToolCall): { readonly file: LoadedFile; readonly name: string } | undefined {
  const data = textField(result, 'data')
  const mediaType = textField(result, 'mime_type')
  if (!isMedia || data === undefined || mediaType === undefined) return undefined
  return { file: { mediaType, data }, name: oneLine(textField(result, 'attachment_name') ?? 'Picture', 120) }
}
