import { useEffect } from 'react'
import { isMac } from '../platform.ts'
import { matchesCombo, parseCombo, type KeyCombo } from './combo.ts'

/** A key combination and what it does. */
export interface KeyBinding {
  /** As `Mod+K`. */
  readonly keys: string
  readonly run: () => void
  /** Works while a terminal has the focus too. Without it the shell gets its keys. */
  readonly inTerminal?: boolean | undefined
}

/** The global keys of the window. The binding made last wins, so a page can take a key over while it shows. */
export interface KeyMap {
  readonly bind: (bindings: readonly KeyBinding[]) => () => void
  /** Runs what fits; answers whether something did. */
  readonly handle: (event: KeyboardEvent) => boolean
}

/** An element with this attribute takes all keys but those bound with `inTerminal`. */
export const terminalKeysAttribute = 'data-terminal-keys'

/** Builds a key map. */
export function createKeyMap(mac: boolean): KeyMap {
  const layers: { readonly combo: KeyCombo; readonly binding: KeyBinding }[][] = []
  return {
    bind: (bindings) => {
      const layer = bindings.map((binding) => ({ combo: parseCombo(binding.keys), binding }))
      layers.push(layer)
      return () => {
        const index = layers.indexOf(layer)
        if (index !== -1) layers.splice(index, 1)
      }
    },
    handle: (event) => {
      if (event.defaultPrevented || event.isComposing) return false
      const where = focusKind(event.target)
      for (const { combo, binding } of layers.toReversed().flat()) {
        if (!matchesCombo(event, combo, mac)) continue
        if (where === 'terminal' && binding.inTerminal !== true) continue
        if (where === 'text' && isTyping(combo)) continue
        event.preventDefault()
        binding.run()
        return true
      }
      return false
    },
  }
}

function focusKind(target: EventTarget | null): 'terminal' | 'text' | 'other' {
  if (!(target instanceof Element)) return 'other'
  if (target.closest(`[${terminalKeysAttribute}]`)) return 'terminal'
  return target.closest('input, textarea, select, [contenteditable="true"]') ? 'text' : 'other'
}

/** Whether the combination types a character, so that it belongs to the field that has the focus. */
function isTyping(combo: KeyCombo): boolean {
  return !combo.mod && !combo.ctrl && !combo.alt && combo.key.length === 1
}

const windowKeys = createKeyMap(isMac())

/** Listens on the window; mount once, in the frame. */
export function useKeyMapRoot(): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      windowKeys.handle(event)
    }
    window.addEventListener('keydown', listener)
    return () => {
      window.removeEventListener('keydown', listener)
    }
  }, [])
}

/** Binds keys while the component is mounted. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  useEffect(() => windowKeys.bind(bindings), [bindings])
}
