/** Where an element is, told as often as that changes and no more: nothing is asked in between. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Calls back with where it is now, and after each change of size or place until the returned function is called. */
export function watchRectangle(element: HTMLElement, onChange: (at: Rectangle) => void): () => void {
  let last = ''
  let frame = 0
  const tell = (): void => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const text = [x, y, width, height].join(' ')
    if (text !== last) onChange({ x, y, width, height })
    last = text
  }
  const soon = (): void => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(tell)
  }
  const sizes = new ResizeObserver(soon)
  sizes.observe(element)
  const stopPlace = watchPlace(element, soon)
  window.addEventListener('resize', soon)
  window.addEventListener('scroll', soon, { capture: true, passive: true })
  tell()
  return () => {
    cancelAnimationFrame(frame)
    sizes.disconnect()
    stopPlace()
    window.removeEventListener('resize', soon)
    window.removeEventListener('scroll', soon, { capture: true })
  }
}

/**
 * An element that is moved by what is beside it changes no size and scrolls nothing. It is watched through a hole exactly
 * as large as it is: once it moves, some of it is not seen any more.
 */
function watchPlace(element: HTMLElement, onMove: () => void): () => void {
  let hole: IntersectionObserver | undefined
  const look = (): void => {
    hole?.disconnect()
    const { top, left, right, bottom } = element.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    const sides = [top, clientWidth - right, clientHeight - bottom, left].map(
      (side) => `${-Math.floor(side)}px`,
    )
    let isFirst = true
    hole = new IntersectionObserver(
      () => {
        // The first answer only says how it is.
        if (!isFirst) {
          onMove()
          look()
        }
        isFirst = false
      },
      { root: document, rootMargin: sides.join(' '), threshold: [0.5, 0.9, 1] },
    )
    hole.observe(element)
  }
  look()
  window.addEventListener('resize', look)
  return () => {
    hole?.disconnect()
    window.removeEventListener('resize', look)
  }
}
