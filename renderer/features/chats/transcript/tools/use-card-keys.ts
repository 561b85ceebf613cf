import { useRef, type FocusEvent, type KeyboardEvent } from 'react'

export interface CardKeys {
  readonly onPointerDownCapture: () => void
  readonly onBlur: (event: FocusEvent<HTMLElement>) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/**
 * Keys of a card that work only while the card itself has the focus, and has it by the keyboard: a click on it, to read
 * or to copy, is not meant as the start of an answer, and what is typed next may be meant for elsewhere.
 */
export function useCardKeys(
  keys: Readonly<Record<string, (event: KeyboardEvent<HTMLElement>) => void>>,
): CardKeys {
  const isPointed = useRef(false)
  return {
    onPointerDownCapture: () => {
      isPointed.current = true
    },
    onBlur: ({ currentTarget, target, relatedTarget }) => {
      // Of a window that is left, the same element has the focus again when it comes back.
      const isWindowLeft = document.activeElement === target
      if (!isWindowLeft && !currentTarget.contains(relatedTarget)) isPointed.current = false
    },
    onKeyDown: (event) => {
      if (event.key === 'Tab') isPointed.current = false
      if (event.target !== event.currentTarget || isPointed.current) return
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
      const run = keys[event.key.toLowerCase()]
      if (run === undefined) return
      run(event)
      event.preventDefault()
    },
  }
}
