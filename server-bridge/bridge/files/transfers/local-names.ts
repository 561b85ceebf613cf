/** Names for files on this computer, made of names that a server gave. */
import { isUtf8Name } from '../../../contract/remote-names.ts'
import { bytesOfName } from '../sftp/remote-names.ts'

/** What Windows keeps for devices, with any ending. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i
/** Most file systems take 255 bytes; some are left for `.outpost-part` and ` (2)`. */
const maxBytes = 220

/**
 * One name in a folder, never a way out of it. Characters that cannot be seen, or that the system does not take, become
 * `_`; bytes that are no text become `%FF`.
 */
export function localName(name: string, platform: NodeJS.Platform): string {
  let safe = isUtf8Name(name) ? name : percentEscaped(name)
  safe = safe.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/]/gu, '_')
  if (platform === 'win32') {
    safe = safe.replaceAll(/[<>:"\\|?*]/g, '_').replace(/[. ]+$/, '_')
    if (reserved.test(safe)) safe = `_${safe}`
  }
  // macOS shows `:` as `/`, and takes it.
  if (safe === '' || safe === '.' || safe === '..') safe = '_'
  return shortened(safe)
}

function percentEscaped(name: string): string {
  return [...name]
    .map((character) => {
      const point = character.codePointAt(0) ?? 0
      if (point < 0xd800 || point > 0xdfff) return character
      return [...bytesOfName(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join('')
    })
    .join('')
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ''
  const characters = [...name.slice(0, name.length - ending.length)]
  while (Buffer.byteLength(characters.join('') + ending) > maxBytes) characters.pop()
  return characters.join('') + ending
}

/** `name (2).txt`: what a copy beside the other is called. */
export function copyName(name: string, number: number): string {
  const slash = name.lastIndexOf('/') + 1
  const base = name.slice(slash)
  const dot = base.startsWith('.') ? -1 : base.indexOf('.')
  const stem = dot <= 0 ? base : base.slice(0, dot)
  return `${name.slice(0, slash)}${stem} (${String(number)})${base.slice(stem.length)}`
}
