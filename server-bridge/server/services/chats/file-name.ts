const MAX_NAME_CHARS = 255

/** A bare name out of whatever somebody called a file: no folders, nothing that moves the text around it. */
export function cleanFileName(text: string): string {
  const last = text.split(/[\\/]/).at(-1) ?? ''
  const shown = last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()
  const name = [...shown].slice(0, MAX_NAME_CHARS).join('')
  return name === '.' || name === '..' ? '' : name
}

/** The name in a `Content-Disposition` (RFC 6266); empty where there is none. */
export function dispositionName(header: string | null): string {
  if (header === null) return ''
  const encoded = /filename\*\s*=\s*utf-8''([^;]*)/i.exec(header)?.[1]
  if (encoded !== undefined) {
    try {
      return cleanFileName(decodeURIComponent(encoded.trim()))
    } catch {
      // Badly encoded: the plain name is next.
    }
  }
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header)
  return cleanFileName((plain?.[1]?.replaceAll(/\\(.)/g, '$1') ?? plain?.[2] ?? '').trim())
}

/** The header that gives a file this name, for readers old and new. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  if (name === '') return kind
  const plain = name.replaceAll(/[^\x20-\x7E]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}
