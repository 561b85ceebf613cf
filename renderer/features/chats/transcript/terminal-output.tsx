import { sgrCss } from '../../../ui/log/sgr-css.ts'
import { parseSgr } from '../../../ui/log/sgr.ts'
import { showUnseen } from './hostile-text.ts'

const maxLineLength = 4000

/** Lines of a terminal in their colours. */
export function TerminalOutput({ lines }: { readonly lines: readonly string[] }) {
  return lines.map((line, index) => (
    <div key={index} className="min-h-[18px] break-words whitespace-pre-wrap">
      {parseSgr(line.slice(0, maxLineLength)).map((span, place) => (
        <span key={place} style={sgrCss(span.style)}>
          {showUnseen(span.text)}
        </span>
      ))}
      {line.length > maxLineLength ? '…' : null}
    </div>
  ))
}
