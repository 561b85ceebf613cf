import { afterEach, expect, it, vi } from 'vitest'
import { layerHostAttribute, lightLayerAttribute, watchCover } from './watch-cover.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  document.body.replaceChildren()
})

const at = (element: Element, left: number, width = 100): void => {
  element.getBoundingClientRect = () => new DOMRect(left, 0, width, 100)
}
function make(parent: Element, id = ''): HTMLElement {
  const made = document.createElement('div')
  made.id = id
  parent.append(made)
  return made
}

function setUp() {
  const root = make(document.body, 'root')
  const host = make(root)
  host.setAttribute(layerHostAttribute, '')
  const element = make(root)
  at(element, 500)
  const heard: boolean[] = []
  stops.push(watchCover(element, (isCovered) => heard.push(isCovered)))
  return { root, host, heard }
}

it('tells of every dialog and menu, wherever it is', async () => {
  const { heard } = setUp()
  expect(heard).toEqual([false])
  const portal = document.createElement('div')
  make(portal)
  document.body.append(portal)
  await vi.waitFor(() => expect(heard).toEqual([false, true]))
  portal.remove()
  await vi.waitFor(() => expect(heard).toEqual([false, true, false]))
})

it('tells of a tooltip and a message only where they touch it', async () => {
  const { host, heard } = setUp()
  const portal = document.createElement('div')
  const tooltip = make(portal)
  tooltip.setAttribute(lightLayerAttribute, '')
  at(tooltip, 0)
  document.body.append(portal)
  const message = make(host)
  message.setAttribute(lightLayerAttribute, '')
  at(message, 450)
  await vi.waitFor(() => expect(heard).toEqual([false, true]))
  message.remove()
  await vi.waitFor(() => expect(heard).toEqual([false, true, false]))
  at(tooltip, 550)
  tooltip.style.transform = 'translate(550px)'
  await vi.waitFor(() => expect(heard).toEqual([false, true, false, true]))
})

it('is not told of an empty portal, nor after its end', async () => {
  const { heard } = setUp()
  document.body.append(document.createElement('span'))
  stops.splice(0).forEach((stop) => stop())
  make(make(document.body))
  await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()))
  expect(heard).toEqual([false])
})
