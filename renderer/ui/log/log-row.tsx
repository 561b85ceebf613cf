import { classNames } from '../../lib/class-names.ts'
import { formatLogTime, searchPrefix, type LogLevel, type LogLine } from './log-line.ts'
import { markSpans, type LogMatch, type MarkedPiece } from './log-search.ts'
import { sgrCss } from './sgr-css.ts'
import { parseSgr, type SgrStyle } from './sgr.ts'

const levelStyles: Record<LogLevel, string> = {
  trace: 'text-(--a8)',
  debug: 'text-(--a8)',
  info: '',
  warn: 'text-(--a3)',
  error: 'text-(--a1)',
}

export interface LogRowProps {
  readonly line: LogLine
  readonly matches: readonly LogMatch[]
  readonly current: LogMatch | undefined
  readonly showTime: boolean
  readonly stageWidth: number
  readonly wrap: boolean
}

/** One line: time, stage, and the text in its colours with the matches marked. */
export function LogRow({ line, matches, current, showTime, stageWidth, wrap }: LogRowProps) {
  const prefix = searchPrefix(line)
  const stage = markSpans([{ text: line.stage ?? '', style: noStyle }], matches)
  const text = markSpans(parseSgr(line.text), matches, prefix.length)
  return (
    <div className={classNames('flex px-3.5 hover:bg-hover', levelStyles[line.level ?? 'info'])}>
      {showTime && line.time !== undefined ? (
        <span className="mr-[1ch] flex-none text-(--a8)">{formatLogTime(line.time)}</span>
      ) : null}
      {stageWidth > 0 ? (
        <span className="mr-[1ch] flex-none text-(--a4)" style={{ width: `${stageWidth}ch` }}>
          <Pieces pieces={stage} matches={matches} current={current} />
        </span>
      ) : null}
      <span
        className={classNames('min-w-0 flex-1', wrap ? 'break-words whitespace-pre-wrap' : 'whitespace-pre')}
      >
        <Pieces pieces={text} matches={matches} current={current} />
        {text.length === 0 ? '\u200b' : null}
      </span>
    </div>
  )
}

const noStyle: SgrStyle = {}

interface PiecesProps extends Pick<LogRowProps, 'matches' | 'current'> {
  readonly pieces: readonly MarkedPiece<SgrStyle>[]
}

function Pieces({ pieces, matches, current }: PiecesProps) {
  return pieces.map((piece, index) =>
    piece.mark === -1 ? (
      <span key={index} style={sgrCss(piece.style)}>
        {piece.text}
      </span>
    ) : (
      <mark
        key={index}
        style={sgrCss(piece.style)}
        data-current={matches[piece.mark] === current ? '' : undefined}
      >
        {piece.text}
      </mark>
    ),
  )
}
