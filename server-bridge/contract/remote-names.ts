/**
 * Work on names and paths of files on a workspace, as `remote-paths.ts` describes them. Apart from it because windows use
 * these and hold no schemas.
 */

/** Bidi marks, zero-width and other invisible formats, controls, separators, private use, lone surrogates. */
const unshown = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800]/gu

/**
 * A name or path as it may be shown: what cannot be seen, or would make others look different, is shown as `\x1b` or
 * `\u{202e}`, so that no two names look the same.
 */
export function displayName(name: string): string {
  return name.replaceAll(unshown, (character) => {
    const point = character.codePointAt(0) ?? 0
    if (point >= 0xdc80 && point <= 0xdcff) return String.raw`\x${(point - 0xdc00).toString(16)}`
    return point < 0x100
      ? String.raw`\x${point.toString(16).padStart(2, '0')}`
      : String.raw`\u{${point.toString(16)}}`
  })
}

/** Whether the bytes of a name are UTF-8. One that is not can be used, but no other program may be able to type it. */
export function isUtf8Name(name: string): boolean {
  return !/\p{Cs}/u.test(name)
}

/** A path of a folder and an entry's name. */
export function joinRemote(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
}

/** The folder something lies in; the root's is the root. */
export function remoteParent(path: string): string {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path
  const at = trimmed.lastIndexOf('/')
  return at <= 0 ? '/' : trimmed.slice(0, at)
}

/** The last part of a path; empty for the root. */
export function remoteBaseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}
