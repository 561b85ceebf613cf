import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { FindBar } from '../find-bar.tsx'
import { classNames } from '../../lib/class-names.ts'
import { Badge } from '../badge.tsx'
import { LogLines } from './log-lines.tsx'
import { logToText, measureLog, searchText, type LogLine } from './log-line.ts'
import { findMatches } from './log-search.ts'
import { LogToolbar } from './log-toolbar.tsx'
import { stripSgr } from './sgr.ts'

export interface LogViewProps {
  readonly title: string
  readonly lines: readonly LogLine[]
  /** More lines are still coming. */
  readonly live?: boolean | undefined
  readonly showTime?: boolean | undefined
  /** Offers to save the whole log. */
  readonly onDownload?: (() => void) | undefined
  /** Long lines are wrapped at first. */
  readonly wraps?: boolean | undefined
  /** Behind the title. */
  readonly meta?: ReactNode
  /** In place of lines when there are none. */
  readonly empty?: ReactNode
  /** Without the card around it, for a page that is all log. */
  readonly bare?: boolean | undefined
  readonly className?: string | undefined
}

/** A log: coloured, virtualised, follows its end until scrolled up, with search, copy, wrap and save. Fills its parent. */
export function LogView(props: LogViewProps) {
  const { title, lines, live = false, showTime = true, wraps = false, empty } = props
  const [searching, setSearching] = useState(false)
  const [query, setQuery] = useState('')
  const [step, setStep] = useState(0)
  const [wrap, setWrap] = useState(wraps)

  const texts = lines.map((line) => stripSgr(line.text))
  const matches = searching
    ? findMatches(
        lines.map((line, index) => searchText(line, texts[index] ?? '')),
        query,
      )
    : []
  const shape = measureLog(lines, texts)
  const position = matches.length === 0 ? -1 : ((step % matches.length) + matches.length) % matches.length
  const current = matches[position]

  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
      event.preventDefault()
      setSearching(true)
    }
  }
  return (
    <section
      aria-label={title}
      onKeyDown={onKeyDown}
      className={classNames(
        'log flex min-h-0 min-w-0 flex-col overflow-hidden',
        !props.bare && 'rounded-lg border border-line-strong',
        props.className,
      )}
    >
      <header className="flex h-10 flex-none items-center gap-2 border-b border-line pr-2 pl-3.5 font-sans text-md text-fg">
        <h3 className="cut font-semibold">{title}</h3>
        {live ? <Badge tone="busy">Live</Badge> : null}
        {props.meta ? <span className="cut text-sm text-fg-3">{props.meta}</span> : null}
        <div className="ml-auto flex items-center gap-1">
          <LogToolbar
            searching={searching}
            onSearching={setSearching}
            wrap={wrap}
            onWrap={setWrap}
            copyText={() => logToText(lines)}
            onDownload={props.onDownload}
          />
        </div>
      </header>
      {searching ? (
        <FindBar
          label="Search the log"
          query={query}
          onQuery={(next) => {
            setQuery(next)
            setStep(0)
          }}
          position={position + 1}
          count={matches.length}
          onStep={(by) => {
            setStep(position + by)
          }}
          onClose={() => {
            setSearching(false)
          }}
        />
      ) : null}
      {lines.length === 0 ? (
        <div className="flex-1 p-3.5 font-sans text-md text-fg-3">
          {empty ?? (live ? 'Waiting for the first line…' : 'Nothing was logged.')}
        </div>
      ) : (
        <LogLines
          lines={lines}
          shape={shape}
          matches={matches}
          current={current}
          showTime={showTime}
          wrap={wrap}
          live={live}
        />
      )}
    </section>
  )
}
