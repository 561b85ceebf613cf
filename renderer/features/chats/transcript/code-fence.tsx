import { memo } from 'react'
import { CopyButton } from '../../../ui/code.tsx'
import { isColoured } from './code-colours.ts'
import { CodeLine } from './code-lines.tsx'
import { oneLine } from './hostile-text.ts'

const maxColouredLines = 400
/** Drawn in pieces, so that of a text that is still written only the last one changes. */
const linesInPiece = 50
const maxCharacters = 100_000

/** A block of code in an answer: its language, and a way to copy it. */
export const CodeFence = memo(function CodeFence({
  code,
  language,
}: {
  readonly code: string
  readonly language: string
}) {
  const lines = code.slice(0, maxCharacters).split('\n')
  const plain = !isColoured(language) || lines.length > maxColouredLines
  const pieces = Array.from({ length: Math.ceil(lines.length / linesInPiece) }, (_, index) =>
    lines.slice(index * linesInPiece, (index + 1) * linesInPiece).join('\n'),
  )
  return (
    <figure className="min-w-0 [.prose_&]:my-2 overflow-hidden rounded-md border border-line-strong bg-sunken">
      <figcaption className="flex h-7 items-center border-b border-line pr-0.5 pl-3 text-sm text-fg-3">
        <span className="cut flex-1">{language === '' ? 'Text' : oneLine(language, 40)}</span>
        <CopyButton text={code} label="Copy the code" />
      </figcaption>
      <div
        tabIndex={0}
        role="group"
        aria-label="Code"
        className="max-h-120 overflow-auto px-3 py-2 code-text copyable focus-visible:-outline-offset-2"
      >
        {pieces.map((piece, index) => (
          <CodePiece key={index} text={piece} plain={plain} />
        ))}
        {code.length > maxCharacters ? (
          <div className="text-fg-3">The rest is not shown. Copy has all of it.</div>
        ) : null}
      </div>
    </figure>
  )
})

const CodePiece = memo(function CodePiece({
  text,
  plain,
}: {
  readonly text: string
  readonly plain: boolean
}) {
  if (plain)
    return (
      <div className="w-fit whitespace-pre">
        <CodeLine text={text === '' ? ' ' : text} plain />
      </div>
    )
  return text.split('\n').map((line, index) => (
    <div key={index} className="w-fit whitespace-pre">
      <CodeLine text={line === '' ? ' ' : line} />
    </div>
  ))
})
