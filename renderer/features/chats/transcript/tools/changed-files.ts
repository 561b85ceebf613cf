import { listField, textField } from '../tool-fields.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { editLines, parseDiff, type DiffLine } from '../unified-diff.ts'

export interface ChangedFile {
  readonly path: string
  readonly lines: readonly DiffLine[]
  /** Once the edit is made. */
  readonly diff?: string | undefined
}

const maxFiles = 50

/** The files of an edit: as they were changed, or as they would be. */
export function changedFiles(
  { args, result }: Pick<ToolCall, 'args' | 'result'>,
  maxLines: number,
): readonly ChangedFile[] {
  const made = listField(result, 'files').slice(0, maxFiles)
  if (made.length > 0) {
    return made.map((file) => {
      const diff = textField(file, 'diff') ?? ''
      return { path: textField(file, 'path') ?? '', diff, lines: parseDiff(diff, maxLines) }
    })
  }
  return listField(args, 'files')
    .slice(0, maxFiles)
    .map((file) => ({ path: textField(file, 'path') ?? '', lines: plannedLines(file, maxLines) }))
}

function plannedLines(file: unknown, maxLines: number): readonly DiffLine[] {
  const lines: DiffLine[] = []
  for (const edit of listField(file, 'edits')) {
    if (lines.length >= maxLines) break
    const before = textField(edit, 'old_text') ?? textField(edit, 'search') ?? ''
    const after = textField(edit, 'new_text') ?? textField(edit, 'replace') ?? ''
    lines.push(...editLines(before, after, maxLines - lines.length))
  }
  return lines
}
