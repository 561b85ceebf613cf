import { memo, type ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { Markdown } from '../../../ui/markdown.tsx'
import { CodeFence } from './code-fence.tsx'
import { showUnseen } from './hostile-text.ts'
import { openBlocks, splitMarkdown, type MarkdownBlocks } from './markdown-blocks.ts'
import { useActions } from './transcript-actions.ts'

/** More than this is not drawn as Markdown while it is still written: it would be read anew with each frame. */
const maxLiveCharacters = 8000
const blocksInGroup = 20
const fence = /^(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n]*\n?([^]*)$/

export interface MarkdownTextProps {
  /** Blocks: it is still written. */
  readonly text: string | MarkdownBlocks
  readonly className?: string | undefined
}

/** Words of a model. Of a text that is still written only the last block is read again. */
export function MarkdownText({ text, className }: MarkdownTextProps) {
  return (
    <div className={classNames('flex min-w-0 flex-col gap-2 copyable', className)}>
      {typeof text === 'string' ? <WholeText text={text} /> : <LiveText blocks={text} />}
    </div>
  )
}

const WholeText = memo(function WholeText({ text }: { readonly text: string }) {
  return splitMarkdown(text).map((block, index) => <Block key={index} text={block} />)
})

/** Closed blocks in groups, so that a long text costs its groups and not its blocks. */
function LiveText({ blocks }: { readonly blocks: MarkdownBlocks }) {
  const groups: ReactNode[] = []
  for (let from = 0; from < blocks.closed.length; from += blocksInGroup) {
    const size = Math.min(blocksInGroup, blocks.closed.length - from)
    groups.push(<Group key={from} blocks={blocks.closed} from={from} size={size} />)
  }
  return (
    <>
      {groups}
      {openBlocks(blocks).map((block, index) => (
        <Block key={`open ${index}`} text={block} isLive />
      ))}
    </>
  )
}

interface GroupProps {
  readonly blocks: readonly string[]
  readonly from: number
  readonly size: number
}

const Group = memo(
  function Group({ blocks, from, size }: GroupProps) {
    return blocks.slice(from, from + size).map((block, index) => <Block key={index} text={block} />)
  },
  // Closed blocks never change; there are only more of them.
  (before, after) =>
    before.from === after.from &&
    before.size === after.size &&
    before.blocks[before.from] === after.blocks[after.from],
)

const Block = memo(function Block({
  text,
  isLive = false,
}: {
  readonly text: string
  readonly isLive?: boolean
}) {
  const { onOpenLink } = useActions()
  const code = fence.exec(text)
  if (code) return <CodeFence code={codeOf(code[3] ?? '', code[1] ?? '')} language={code[2] ?? ''} />
  if (isLive && text.length > maxLiveCharacters) {
    return <p className="break-words whitespace-pre-wrap">{showUnseen(text)}</p>
  }
  return (
    <Markdown
      showHtml
      onOpenLink={onOpenLink}
      renderCode={(inner, language) => <CodeFence code={inner} language={language} />}
    >
      {showUnseen(text)}
    </Markdown>
  )
})

/** What stands in a fence, without the marks that end it. */
function codeOf(body: string, marks: string): string {
  const end = body.trimEnd()
  const last = end.slice(end.lastIndexOf('\n') + 1).trim()
  const isClosed = last.startsWith(marks) && /^[`~]+$/.test(last)
  return (isClosed ? end.slice(0, Math.max(0, end.lastIndexOf('\n'))) : body).replace(/\n$/, '')
}
