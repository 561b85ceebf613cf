import { beforeEach, expect, it } from 'vitest'
import { createKeyMap, terminalKeysAttribute, type KeyMap } from './key-map.ts'

let map: KeyMap
let ran: string[]
const bind = (keys: string, name: string, inTerminal?: boolean) =>
  map.bind([{ keys, inTerminal, run: () => ran.push(name) }])

/** Presses a key with the focus on an element of the given markup. */
function press(key: string, init: KeyboardEventInit = {}, target: HTMLElement = document.body): boolean {
  let handled = false
  const listener = (event: KeyboardEvent) => {
    handled = map.handle(event)
  }
  document.addEventListener('keydown', listener)
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }))
  document.removeEventListener('keydown', listener)
  return handled
}

function place<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  document.body.replaceChildren(element)
  return element
}

beforeEach(() => {
  map = createKeyMap(false)
  ran = []
})

it('lets the last binding win and gives the key back when it goes', () => {
  bind('Mod+K', 'frame')
  const release = bind('Mod+K', 'page')
  press('k', { ctrlKey: true })
  release()
  press('k', { ctrlKey: true })
  expect(ran).toEqual(['page', 'frame'])
})

it('leaves plain characters to a text field, but not combinations', () => {
  bind('/', 'search')
  bind('Mod+K', 'palette')
  const field = place('input')
  expect(press('/', {}, field)).toBe(false)
  expect(press('k', { ctrlKey: true }, field)).toBe(true)
  expect(press('/')).toBe(true)
  expect(ran).toEqual(['palette', 'search'])
})

it('leaves the shell its keys, but for those bound for the terminal too', () => {
  bind('Mod+K', 'palette')
  bind('Ctrl+`', 'drawer', true)
  const terminal = place('div')
  terminal.setAttribute(terminalKeysAttribute, '')
  const inner = document.createElement('textarea')
  terminal.append(inner)
  expect(press('k', { ctrlKey: true }, inner)).toBe(false)
  expect(press('`', { ctrlKey: true }, inner)).toBe(true)
  expect(ran).toEqual(['drawer'])
})

it('does nothing for an event that was handled already', () => {
  bind('Mod+K', 'palette')
  const box = place('div')
  box.addEventListener('keydown', (event) => {
    event.preventDefault()
  })
  expect(press('k', { ctrlKey: true }, box)).toBe(false)
})
