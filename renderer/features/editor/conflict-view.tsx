import { useEffect, useRef, useState, type RefObject } from 'react'
import { displayName, remoteBaseName } from '#bridge/contract/remote-names'
import { Button } from '../../ui/button.tsx'
import { Banner } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { Conflict, OpenDocument, TextContent } from './document-state.ts'
import type { ComparedTexts, EditorKit, TextBuffer } from './editor-kit.ts'
import { mergeTexts } from './merge-lines.ts'
import type { OpenDocuments } from './open-documents.ts'

export interface ConflictViewProps {
  readonly kit: EditorKit
  readonly documents: OpenDocuments
  readonly document: OpenDocument
  readonly content: TextContent
  readonly conflict: Conflict
}

type Side = 'theirs' | 'mine' | 'both'

/** The file changed on the workspace since it was read: three texts, and a merged one that can be edited and saved. */
export function ConflictView({ kit, documents, document, content, conflict }: ConflictViewProps) {
  const { id } = document
  const { current, theirs, mine } = conflict
  const name = displayName(remoteBaseName(document.path))
  const base = content.baseText
  const [side, setSide] = useState<Side>('theirs')
  const language = content.buffer.language()
  // Without a base nothing can be merged by itself: the user's own text is the start.
  const [merged] = useState(() => (base === undefined ? undefined : mergeTexts(base, mine, theirs)))
  const result = useRef<TextBuffer>(undefined)
  if (current === null) return <GoneFile documents={documents} id={id} name={name} />
  const compared = comparedTexts(side, { base: base ?? theirs, mine, theirs })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Banner tone="warn" title={`${name} was changed on the workspace since you opened it.`}>
        {mergeWords(merged?.conflicts)}
      </Banner>
      <div className="flex h-9 flex-none items-center gap-2 border-b border-line px-3">
        <Segmented<Side>
          aria-label="Compared"
          value={side}
          onChange={setSide}
          options={[
            { value: 'theirs', label: 'Their changes' },
            { value: 'mine', label: 'Your changes' },
            { value: 'both', label: 'Theirs and yours' },
          ]}
        />
      </div>
      <Comparison key={side} kit={kit} texts={{ ...compared, language }} />
      <h3 className="flex h-8 flex-none items-center border-y border-line bg-sunken px-3 text-sm font-medium">
        Result, which you can edit
      </h3>
      <ResultPane kit={kit} text={merged?.text ?? mine} language={language} bufferRef={result} />
      <div className="flex flex-none flex-wrap items-center gap-2 border-t border-line px-3 py-2">
        <Button onClick={() => documents.dismissConflict(id)}>Decide later</Button>
        <span className="ml-auto" />
        <Button onClick={() => documents.takeTheirs(id)}>Take theirs</Button>
        <Button loading={document.isSaving} onClick={() => void documents.save(id, { force: true })}>
          Keep mine
        </Button>
        <Button
          variant="primary"
          loading={document.isSaving}
          onClick={() => void documents.saveMerged(id, result.current?.text() ?? mine)}
        >
          Save the result
        </Button>
      </div>
    </div>
  )
}

function mergeWords(conflicts: number | undefined): string {
  if (conflicts === undefined) {
    return 'What it was before is not known any more, so your text stands below. Compare it with theirs.'
  }
  if (conflicts === 0) return 'Your changes and theirs go together. Look at the result below and save it.'
  const places = conflicts === 1 ? 'One place was' : `${conflicts} places were`
  return `${places} changed by both of you. Choose between the marks <<<<<<< and >>>>>>> below.`
}

function comparedTexts(
  side: Side,
  { base, mine, theirs }: { readonly base: string; readonly mine: string; readonly theirs: string },
): Omit<ComparedTexts, 'language'> {
  switch (side) {
    case 'theirs':
      return { original: base, modified: theirs, label: 'Before, and theirs' }
    case 'mine':
      return { original: base, modified: mine, label: 'Before, and yours' }
    case 'both':
      return { original: theirs, modified: mine, label: 'Theirs, and yours' }
  }
}

interface GoneFileProps {
  readonly documents: OpenDocuments
  readonly id: string
  readonly name: string
}

function GoneFile({ documents, id, name }: GoneFileProps) {
  return (
    <Banner
      tone="warn"
      title={`${name} is not on the workspace any more.`}
      actions={
        <>
          <Button size="sm" onClick={() => documents.dismissConflict(id)}>
            Decide later
          </Button>
          <Button size="sm" variant="primary" onClick={() => void documents.save(id, { force: true })}>
            Write it again
          </Button>
        </>
      }
    >
      It was deleted or moved while you edited it. Your text is still here.
    </Banner>
  )
}

function Comparison({ kit, texts }: { readonly kit: EditorKit; readonly texts: ComparedTexts }) {
  const parent = useRef<HTMLDivElement>(null)
  const { original, modified, language, label } = texts
  useEffect(() => {
    if (!parent.current) return undefined
    const shown = kit.mountComparison(parent.current, { original, modified, language, label })
    return () => shown.dispose()
  }, [kit, original, modified, language, label])
  return <div ref={parent} className="min-h-0 flex-1 overflow-hidden" />
}

interface ResultPaneProps {
  readonly kit: EditorKit
  readonly text: string
  readonly language: string
  /** Where the text is while it is edited. */
  readonly bufferRef: RefObject<TextBuffer | undefined>
}

function ResultPane({ kit, text, language, bufferRef }: ResultPaneProps) {
  const parent = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!parent.current) return undefined
    const edited = kit.createBuffer(text, { path: '/', language })
    const pane = kit.mount(parent.current, edited, { isReadOnly: false, label: 'Result' })
    bufferRef.current = edited
    return () => {
      bufferRef.current = undefined
      pane.dispose()
      edited.dispose()
    }
  }, [kit, text, language, bufferRef])
  return <div ref={parent} className="min-h-0 flex-1 overflow-hidden" />
}
