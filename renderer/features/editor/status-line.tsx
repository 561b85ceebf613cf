import type { TextEncoding } from '#bridge/contract/remote-files'
import { formatBytes } from '../../lib/bytes.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useSyncExternalStore } from 'react'
import type { OpenDocument, TextContent } from './document-state.ts'
import type { CursorPlace, EditorKit } from './editor-kit.ts'
import type { OpenDocuments } from './open-documents.ts'
import { encodingLabels, eolLabels, type LineEnding } from './text-encoding.ts'

export interface StatusLineProps {
  readonly kit: EditorKit
  readonly documents: OpenDocuments
  readonly document: OpenDocument
  readonly content: TextContent
  readonly cursor: CursorPlace
}

/** Where the cursor is, and how the file is written: encoding, line endings and language can be changed here. */
export function StatusLine({ kit, documents, document, content, cursor }: StatusLineProps) {
  const { buffer, format, hasMixedEol, isCut } = content
  const language = useSyncExternalStore(buffer.onChange, buffer.language)
  const languages = kit.languages()
  const languageLabel = languages.find(({ id }) => id === language)?.label ?? language
  const encodingLabel = `${encodingLabels[format.encoding]}${format.hasBom ? ' with BOM' : ''}`
  const chooseEncoding = (encoding: TextEncoding, hasBom: boolean): void =>
    documents.setFormat(document.id, { encoding, hasBom })
  return (
    <footer
      aria-label="About the file"
      className="num flex h-7 flex-none items-center gap-1 border-t border-line bg-sunken px-2 text-sm text-fg-3"
    >
      <span className="cut px-1">
        Line {cursor.line}, column {cursor.column}
      </span>
      <span className="cut px-1 max-mid:hidden">{formatBytes(content.size)}</span>
      <span role="status" className="cut px-1">
        {document.isSaving ? 'Saving' : isCut ? 'Read-only' : document.isDirty ? 'Not saved' : 'Saved'}
      </span>
      <span className="ml-auto" />
      <Menu
        side="top"
        align="end"
        disabled={isCut}
        trigger={
          <Button size="sm" variant="ghost" aria-label={`Line endings: ${eolLabels[format.eol]}`}>
            {eolLabels[format.eol]}
            {hasMixedEol ? ', mixed' : ''}
          </Button>
        }
        items={[
          {
            kind: 'heading',
            label: hasMixedEol ? 'They differ now; saving writes one kind' : 'Line endings',
          },
          ...Object.entries(eolLabels).map(([eol, label]) => ({
            label,
            checked: eol === format.eol,
            onSelect: () => documents.setFormat(document.id, { eol: eol as LineEnding }),
          })),
        ]}
      />
      <Menu
        side="top"
        align="end"
        disabled={isCut}
        trigger={
          <Button size="sm" variant="ghost" aria-label={`Encoding: ${encodingLabel}`}>
            {encodingLabel}
          </Button>
        }
        items={[
          { kind: 'heading', label: 'Save with encoding' },
          ...Object.entries(encodingLabels).map(([encoding, label]) => ({
            label,
            checked: encoding === format.encoding && !format.hasBom,
            onSelect: () => chooseEncoding(encoding as TextEncoding, false),
          })),
          ...(['utf-8', 'utf-16le', 'utf-16be'] as const).map((encoding) => ({
            label: `${encodingLabels[encoding]} with BOM`,
            checked: encoding === format.encoding && format.hasBom,
            onSelect: () => chooseEncoding(encoding, true),
          })),
        ]}
      />
      <Menu
        side="top"
        align="end"
        trigger={
          <Button size="sm" variant="ghost" aria-label={`Language: ${languageLabel}`}>
            {languageLabel}
          </Button>
        }
        items={languages.map(({ id, label }) => ({
          label,
          checked: id === language,
          onSelect: () => buffer.setLanguage(id),
        }))}
      />
    </footer>
  )
}
