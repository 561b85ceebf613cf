/**
 * Opens the context menu of an element as a right click would: at its lower left corner, a row a little further in.
 * The kit listens to the event alone, so keyboard and buttons come the same way as the mouse.
 */
export function openContextMenu(element: Element): void {
  const box = element.getBoundingClientRect()
  const inset = element.getAttribute('role') === 'row' ? 48 : 0
  element.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: box.left + inset,
      clientY: box.bottom,
    }),
  )
}
