export interface HeldInput {
  /** Ends every press there, as if the user had let go. */
  letGo(): void
  /** Looks no more. */
  end(): void
}

/**
 * Keys and buttons that are held down in an element. A viewer lets go of them by itself only after it has stopped sending,
 * and hears nothing of a key that is let go elsewhere: it would stay pressed on the desktop, and repeat.
 */
export function watchHeldInput(element: HTMLElement): HeldInput {
  const keys = new Map<string, KeyboardEvent>()
  let pointer: MouseEvent | undefined
  const looking = new AbortController()
  const options = { capture: true, signal: looking.signal }
  const letGoOfKeys = (): void => {
    const held = [...keys.values()]
    keys.clear()
    for (const event of held) event.target?.dispatchEvent(new KeyboardEvent('keyup', event))
  }
  element.addEventListener(
    'keydown',
    (event) => {
      // On macOS its end means that it was switched off.
      if (event.code !== 'CapsLock') keys.set(event.code, event)
    },
    options,
  )
  element.addEventListener('keyup', (event) => keys.delete(event.code), options)
  element.addEventListener('focusout', letGoOfKeys, options)
  for (const type of ['mousedown', 'mousemove', 'mouseup'] as const)
    element.addEventListener(type, (event) => void (pointer = event), options)
  return {
    letGo() {
      letGoOfKeys()
      if (pointer === undefined || pointer.buttons === 0) return
      const { clientX, clientY, target } = pointer
      target?.dispatchEvent(new MouseEvent('mouseup', { clientX, clientY, bubbles: true, cancelable: true }))
    },
    end: () => looking.abort(),
  }
}
