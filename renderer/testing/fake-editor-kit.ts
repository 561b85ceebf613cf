import type { EditorKit, TextBuffer } from '../features/editor/index.ts'

export interface FakeBuffer extends TextBuffer {
  readonly path: string
}

/** An editor that is a text field, in place of Monaco. */
export function createFakeKit(): EditorKit {
  return {
    createBuffer: (text, { path, language }) => createFakeBuffer(text, path, language),
    languages: () => [
      { id: 'plaintext', label: 'Plain text' },
      { id: 'typescript', label: 'TypeScript' },
    ],
    mount: (parent, buffer, { isReadOnly, label }) => {
      const field = document.createElement('textarea')
      field.setAttribute('aria-label', label)
      field.readOnly = isReadOnly
      field.value = buffer.text()
      field.addEventListener('input', () => buffer.replace(field.value))
      const stop = buffer.onChange(() => {
        field.value = buffer.text()
      })
      parent.append(field)
      return {
        focus: () => field.focus(),
        reveal: () => undefined,
        onCursor: () => () => undefined,
        dispose: () => {
          stop()
          field.remove()
        },
      }
    },
    mountComparison: (parent, { label, original, modified }) => {
      const shown = document.createElement('pre')
      shown.setAttribute('aria-label', label)
      shown.textContent = `${original}=>${modified}`
      parent.append(shown)
      return { dispose: () => shown.remove() }
    },
  }
}

/** A text that counts its versions; the same text has the same one, as after undoing. */
export function createFakeBuffer(initial: string, path: string, language = 'plaintext'): FakeBuffer {
  const listeners = new Set<() => void>()
  const versions = new Map<string, number>([[initial, 1]])
  let text = initial
  let id = language
  const tell = (): void => listeners.forEach((listener) => listener())
  return {
    path,
    text: () => text,
    replace: (next) => {
      text = next
      if (!versions.has(next)) versions.set(next, versions.size + 1)
      tell()
    },
    version: () => versions.get(text) ?? 0,
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    language: () => id,
    setLanguage: (next) => {
      id = next
      tell()
    },
    dispose: () => listeners.clear(),
  }
}
