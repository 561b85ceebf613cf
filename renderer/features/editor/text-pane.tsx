import { useEffect, useEffectEvent, useRef } from 'react'
import { displayName, remoteBaseName } from '#bridge/contract/remote-names'
import type { OpenDocument, TextContent } from './document-state.ts'
import type { CursorPlace, EditorKit, EditorPane } from './editor-kit.ts'

export interface TextPaneProps {
  readonly kit: EditorKit
  readonly document: OpenDocument
  readonly content: TextContent
  readonly onCursor: (place: CursorPlace) => void
}

/** The text itself. */
export function TextPane({ kit, document, content, onCursor }: TextPaneProps) {
  const parent = useRef<HTMLDivElement>(null)
  const pane = useRef<EditorPane>(undefined)
  const { buffer, isCut } = content
  const label = displayName(remoteBaseName(document.path))
  const tellCursor = useEffectEvent(onCursor)
  const { goTo } = document
  useEffect(() => {
    if (!parent.current) return undefined
    const mounted = kit.mount(parent.current, buffer, { isReadOnly: isCut, label })
    pane.current = mounted
    const stop = mounted.onCursor((place) => tellCursor(place))
    mounted.focus()
    return () => {
      stop()
      mounted.dispose()
      pane.current = undefined
    }
  }, [kit, buffer, isCut, label])
  useEffect(() => {
    if (goTo) pane.current?.reveal(goTo)
  }, [goTo, buffer])
  return <div ref={parent} className="min-h-0 flex-1 overflow-hidden" />
}
