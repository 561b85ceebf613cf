import type { FilesPlace, ReadText } from '#bridge/contract/remote-files'
import type { Recovery } from '#ipc/files'
import { failedWith, type FilesClient } from '../../api/files-client.ts'
import { contentOf, editMaxBytes, type TextContent } from './document-state.ts'
import type { DocumentTable } from './document-table.ts'
import type { EditorKit, TextBuffer } from './editor-kit.ts'
import { decodeText } from './text-encoding.ts'

interface Deps {
  readonly table: DocumentTable
  readonly client: FilesClient
  readonly place: FilesPlace
  readonly kit: () => Promise<EditorKit>
}

/** Reads a document's file and shows it. */
export async function loadDocument(deps: Deps, id: string): Promise<void> {
  const { table, kit } = deps
  const path = table.find(id)?.path
  if (path === undefined) return
  try {
    const [file, editor] = await Promise.all([read(deps, path), kit()])
    if (!table.find(id)) return
    if (file.isBinary) {
      table.show(id, { kind: 'binary', size: file.size })
      return
    }
    const text = decodeText(file.bytes, file.encoding)
    table.show(id, contentOf(file, editor.createBuffer(text, { path }), text))
  } catch (error) {
    showFailure(table, id, error)
  }
}

export interface Recovered {
  readonly recovery: Recovery
  readonly text: string
}

/**
 * Shows the text that was not saved when the window went away. Where the file changed since, saving finds that out: the
 * text is based on what it was.
 */
export async function showRecovered(deps: Deps, id: string, { recovery, text }: Recovered): Promise<boolean> {
  const { table, kit } = deps
  const { location: path, baseSha256, savedAt } = recovery
  try {
    const editor = await kit()
    const file = await read(deps, path).catch((error: unknown) => {
      if (failedWith(error, 'not_found')) return undefined
      throw error
    })
    if (!table.find(id)) return false
    const same = file?.version?.sha256 === baseSha256 ? file : undefined
    const before = same ? decodeText(same.bytes, same.encoding) : text
    const buffer = editor.createBuffer(before, { path })
    const base = baseSha256 === null ? null : { mtime: 0, size: 0, sha256: baseSha256 }
    const content: TextContent = same
      ? contentOf(same, buffer, before)
      : {
          ...(file && !file.isBinary ? contentOf(file, buffer, '') : withoutFile(buffer)),
          isCut: false,
          base,
          baseText: undefined,
          savedVersion: -1,
        }
    if (same) buffer.replace(text)
    table.show(id, content, { recoveredFrom: savedAt })
    return true
  } catch (error) {
    showFailure(table, id, error)
    return false
  }
}

async function read({ client, place }: Deps, path: string): Promise<ReadText> {
  return client.ask(place, { op: 'read', path, maxBytes: editMaxBytes })
}

function showFailure(table: DocumentTable, id: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  table.change(id, { content: { kind: 'failed', message } })
}

function withoutFile(buffer: TextBuffer): TextContent {
  return {
    kind: 'text',
    buffer,
    format: { encoding: 'utf-8', hasBom: false, eol: 'lf' },
    hasMixedEol: false,
    isCut: false,
    size: 0,
    base: null,
    baseText: undefined,
    savedVersion: -1,
    hasNewFormat: false,
  }
}
