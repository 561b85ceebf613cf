import { expect, test } from 'vitest'
import { computerActionSchema } from './computer-action.ts'

test.each([
  [{ action: 'screenshot' }, { type: 'screenshot' }],
  [{ action: 'left_click' }, { type: 'click', button: 'left', count: 1 }],
  [
    { action: 'right_click', coordinate: [10.4, 20.6], text: 'ctrl' },
    { type: 'click', button: 'right', count: 1, at: { x: 10, y: 21 }, held: 'ctrl' },
  ],
  [
    { action: 'triple_click', coordinate: [1, 2] },
    { type: 'click', button: 'left', count: 3, at: { x: 1, y: 2 } },
  ],
  [
    { action: 'left_click_drag', start_coordinate: [1, 2], coordinate: [3, 4] },
    { type: 'drag', from: { x: 1, y: 2 }, to: { x: 3, y: 4 } },
  ],
  [
    { action: 'scroll', coordinate: [1, 2], scroll_direction: 'down', scroll_amount: 5 },
    { type: 'scroll', at: { x: 1, y: 2 }, direction: 'down', steps: 5 },
  ],
  [
    { action: 'key', text: 'ctrl+s', repeat: 2 },
    { type: 'key', keys: 'ctrl+s', count: 2 },
  ],
  [
    { action: 'hold_key', text: 'shift', duration: 0.5 },
    { type: 'hold_key', keys: 'shift', ms: 500 },
  ],
  [
    { action: 'type', text: '' },
    { type: 'type', text: '' },
  ],
  [{ action: 'left_mouse_up' }, { type: 'hold_button', isDown: false }],
  // Longer than anything waits: it ends early.
  [
    { action: 'wait', duration: 1e9 },
    { type: 'wait', ms: 60_000 },
  ],
])('%j is %j', (given, action) => {
  expect(computerActionSchema.parse(given)).toEqual(action)
})

test.each([
  {},
  { action: 'constructor' },
  { action: 'zoom', region: [0, 0, 9, 9] },
  { action: 'mouse_move' },
  { action: 'mouse_move', coordinate: [-5, 4] },
  { action: 'mouse_move', coordinate: [1] },
  { action: 'mouse_move', coordinate: [1e12, 4] },
  { action: 'key' },
  { action: 'key', text: '' },
  { action: 'key', text: 'a', repeat: 1e6 },
  { action: 'type' },
  { action: 'type', text: 'x'.repeat(10_001) },
  { action: 'scroll', coordinate: [1, 2] },
  { action: 'scroll', scroll_direction: 'down', scroll_amount: 1e6 },
])('%j is none', (given) => {
  expect(computerActionSchema.safeParse(given).success).toBe(false)
})
