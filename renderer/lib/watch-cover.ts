/**
 * Whether something of the window lies over an element: a dialog, menu, popover or sheet anywhere, or a tooltip or message
 * that touches it. All of them are portals beside the page's root, or marked; this is the one place that knows.
 */

/** On the positioned element of something that holds no focus, so that only what it touches is covered. */
export const lightLayerAttribute = 'data-light-layer'
/** On what holds such layers and is there all the time. */
export const layerHostAttribute = 'data-layer-host'

/** Calls back with how it is now, and after each change until the returned function is called. */
export function watchCover(element: HTMLElement, onChange: (isCovered: boolean) => void): () => void {
  let isCovered: boolean | undefined
  let frame = 0
  const look = (): void => {
    const next = isAnyOver(element)
    if (next !== isCovered) onChange((isCovered = next))
  }
  const soon = (): void => {
    cancelAnimationFrame(frame)
    // A layer is placed after it was made.
    frame = requestAnimationFrame(look)
  }
  const insides = new MutationObserver(soon)
  const follow = (): void => {
    insides.disconnect()
    const attributeFilter = ['style', 'hidden', 'data-open', 'data-closed']
    for (const layer of [...portals(), ...document.querySelectorAll(`[${layerHostAttribute}]`)])
      insides.observe(layer, { childList: true, subtree: true, attributes: true, attributeFilter })
  }
  const layers = new MutationObserver(() => {
    follow()
    look()
    soon()
  })
  layers.observe(document.body, { childList: true })
  follow()
  look()
  return () => {
    cancelAnimationFrame(frame)
    layers.disconnect()
    insides.disconnect()
  }
}

function portals(): Element[] {
  return [...document.body.children].filter((child) => child.id !== 'root' && child.childElementCount > 0)
}

function isAnyOver(element: HTMLElement): boolean {
  const touched = element.getBoundingClientRect()
  const light = [...document.querySelectorAll(`[${lightLayerAttribute}]`)]
  if (light.some((layer) => touches(layer.getBoundingClientRect(), touched))) return true
  return portals().some(
    (portal) => !portal.contains(element) && portal.querySelector(`[${lightLayerAttribute}]`) === null,
  )
}

function touches(one: DOMRect, other: DOMRect): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top
}
