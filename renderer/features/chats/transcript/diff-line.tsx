import type { ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { CodeLine } from './code-lines.tsx'
import { showUnseen } from './hostile-text.ts'
import type { DiffLine } from './unified-diff.ts'

const looks = {
  same: { line: '', mark: 'text-fg-3', sign: ' ' },
  added: { line: 'bg-(--add-bg)', mark: 'text-(--add-fg)', sign: '+' },
  removed: { line: 'bg-(--del-bg)', mark: 'text-(--del-fg)', sign: '-' },
} as const

export interface DiffLineViewProps {
  readonly line: DiffLine
  /** Its numbers in the files that are compared, as columns. */
  readonly numbers: readonly (number | undefined)[]
  /** Left out where the column already says it. */
  readonly hasSign?: boolean
  /** Without colours of the language. */
  readonly plain?: boolean
  readonly className?: string
  readonly children?: ReactNode
}

/** A line that came, went or stayed. */
export function DiffLineView(props: DiffLineViewProps) {
  const { line, numbers, hasSign = true, plain = false, className, children } = props
  if (line.kind === 'hunk') return <HunkLine text={line.text} />
  const look = looks[line.kind]
  return (
    <div className={classNames('flex whitespace-pre', look.line, className)}>
      {numbers.map((number, index) => (
        <span key={index} className={classNames('w-9 flex-none pr-2 text-right select-none', look.mark)}>
          {number ?? ''}
        </span>
      ))}
      {hasSign ? (
        <span className={classNames('w-4 flex-none select-none', look.mark)}>{look.sign}</span>
      ) : null}
      <code className="pr-8">
        <CodeLine text={line.text} plain={plain} />
        {line.text === '' ? '\u200b' : null}
      </code>
      {children}
    </div>
  )
}

/** Where in the file the lines below are. */
export function HunkLine({ text }: { readonly text: string }) {
  return <div className="bg-sunken px-3 py-0.5 whitespace-pre text-fg-3">{showUnseen(text)}</div>
}

/** Lines that came and went, numbered as in the file. */
export function DiffLines({
  lines,
  plain,
}: {
  readonly lines: readonly DiffLine[]
  readonly plain: boolean
}) {
  return (
    <div className="copyable overflow-x-auto">
      <div className="w-fit min-w-full code-text">
        {lines.map((line, index) => (
          <DiffLineView key={index} line={line} numbers={[line.after ?? line.before]} plain={plain} />
        ))}
      </div>
    </div>
  )
}
