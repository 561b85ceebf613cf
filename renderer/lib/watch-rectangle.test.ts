import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchRectangle, type Rectangle } from './watch-rectangle.ts'

/** Observers that tell when the test says so. */
const holes: { tell: () => void; margin: string; isOpen: boolean }[] = []
const sizes: (() => void)[] = []
const stops: (() => void)[] = []
beforeEach(() => {
  holes.length = 0
  sizes.length = 0
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly #hole
      constructor(tell: () => void, { rootMargin }: { rootMargin: string }) {
        this.#hole = { tell, margin: rootMargin, isOpen: true }
        holes.push(this.#hole)
      }
      observe(): void {}
      disconnect(): void {
        this.#hole.isOpen = false
      }
    },
  )
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(tell: () => void) {
        sizes.push(tell)
      }
      observe(): void {}
      disconnect(): void {}
    },
  )
  // Whatever is put off to the next frame happens at once.
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    run()
    return 0
  })
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.unstubAllGlobals()
})

function setUp() {
  const element = document.createElement('div')
  let at = new DOMRect(10, 20, 300, 400)
  element.getBoundingClientRect = () => at
  const heard: Rectangle[] = []
  stops.push(watchRectangle(element, (next) => heard.push(next)))
  const move = (x: number, width = 300): void => {
    at = new DOMRect(x, 20, width, 400)
  }
  return { heard, move }
}

it('tells where it is, and of a change of its size, of the window and of what scrolls, once each', () => {
  const { heard, move } = setUp()
  expect(heard).toEqual([{ x: 10, y: 20, width: 300, height: 400 }])
  move(10, 200)
  sizes[0]?.()
  sizes[0]?.()
  move(40)
  window.dispatchEvent(new Event('resize'))
  move(50)
  document.body.dispatchEvent(new Event('scroll'))
  expect(heard.map(({ x, width }) => [x, width])).toEqual([
    [10, 300],
    [10, 200],
    [40, 300],
    [50, 300],
  ])
})

it('sees a move by what is beside it through a hole that is cut anew each time', () => {
  const { heard, move } = setUp()
  const [first] = holes
  first?.tell()
  expect(heard).toHaveLength(1)
  move(90)
  first?.tell()
  expect(heard.at(-1)).toMatchObject({ x: 90 })
  expect(first?.isOpen).toBe(false)
  expect(holes.at(-1)?.margin).toMatch(/^-20px .* -90px$/)
})

it('hears nothing after its end', () => {
  const { heard, move } = setUp()
  stops.splice(0).forEach((stop) => stop())
  move(90)
  window.dispatchEvent(new Event('resize'))
  expect(heard).toHaveLength(1)
  expect(holes.every(({ isOpen }) => !isOpen)).toBe(true)
})
