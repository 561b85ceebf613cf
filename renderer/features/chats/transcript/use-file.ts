import { useEffect, useState } from 'react'
import { errorWords } from '../../../api/error-words.ts'
import { useActions, type LoadedFile } from './transcript-actions.ts'

export type FileState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly file: LoadedFile }
  | { readonly kind: 'failed'; readonly message: string; readonly retry: () => void }

/** A file of the chat, read when it is shown. `undefined`: there is none, or it cannot be read here. */
export function useFile(fileId: string | undefined): FileState | undefined {
  const { loadFile } = useActions()
  const [attempt, setAttempt] = useState(0)
  const [known, setKnown] = useState<{ readonly of: string; readonly state: FileState }>()
  const of = `${fileId ?? ''} ${attempt}`
  useEffect(() => {
    if (fileId === undefined || loadFile === undefined) return undefined
    let isShown = true
    const set = (state: FileState): void => {
      if (isShown) setKnown({ of: `${fileId} ${attempt}`, state })
    }
    loadFile(fileId).then(
      (file) => set({ kind: 'loaded', file }),
      (error: unknown) =>
        set({ kind: 'failed', message: errorWords(error).message, retry: () => setAttempt(attempt + 1) }),
    )
    return () => {
      isShown = false
    }
  }, [fileId, loadFile, attempt])
  if (fileId === undefined || loadFile === undefined) return undefined
  return known?.of === of ? known.state : { kind: 'loading' }
}

/** The text of a file. */
export function fileText({ data }: LoadedFile): string {
  return new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)))
}

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])
const maxPictureCharacters = 14_000_000

/** Whether bytes may be shown as a picture: those kinds that cannot hold a program. */
export function isPicture(mediaType: string | undefined): boolean {
  return mediaType !== undefined && pictures.has(mediaType.toLowerCase())
}

/** A picture as an address that the page may load: its own bytes. */
export function pictureAddress({ mediaType, data }: LoadedFile): string | undefined {
  if (!isPicture(mediaType) || data.length > maxPictureCharacters) return undefined
  return `data:${mediaType.toLowerCase()};base64,${data}`
}

const texts = new Set(['text/plain', 'text/markdown', 'text/csv', 'application/json'])

/** Whether bytes may be shown as text: the kinds of it that chats take. */
export function isText(mediaType: string | undefined): boolean {
  return mediaType !== undefined && texts.has(mediaType.toLowerCase().split(';')[0]?.trim() ?? '')
}
