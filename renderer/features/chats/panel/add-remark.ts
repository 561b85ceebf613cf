import type { DiffLine } from '../transcript/unified-diff.ts'
import type { PanelContext } from './panel-slots.ts'

/** Puts a remark about a line of a file, with the line, to the message that is being written. */
export function addRemark(
  { addReference }: Pick<PanelContext, 'addReference'>,
  path: string,
  line: DiffLine,
  text: string,
): void {
  const number = Math.max(1, line.after ?? line.before ?? 1)
  addReference({ fileName: path, startLine: number, endLine: number, content: line.text }, text)
}
