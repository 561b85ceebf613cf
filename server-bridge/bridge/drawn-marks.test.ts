import { beforeEach, expect, it } from 'vitest'
import { terminalAckBytes } from '../contract/bridge-port.ts'
import { encodeSentMark } from '../contract/sent-mark.ts'
import { createDrawnMarks, type DrawnMarks } from './drawn-marks.ts'

let isHolding = false
let answered: string[] = []
let marks: DrawnMarks
const mark = (name: string) => marks.ping(encodeSentMark(1), () => answered.push(name))

beforeEach(() => {
  isHolding = false
  answered = []
  marks = createDrawnMarks(() => isHolding)
})

it('answers a mark when the window has drawn what came before it, but for a rest it says nothing of', () => {
  marks.sent(3 * terminalAckBytes)
  mark('first')
  marks.sent(3 * terminalAckBytes)
  mark('second')
  expect(answered).toEqual([])
  marks.drawn(2 * terminalAckBytes)
  expect(answered).toEqual([])
  marks.drawn(1)
  expect(answered).toEqual(['first'])
  marks.drawn(terminalAckBytes - 1)
  expect(answered).toEqual(['first'])
  marks.drawn(3 * terminalAckBytes)
  expect(answered).toEqual(['first', 'second'])
})

it('waits for what is still gathered', () => {
  isHolding = true
  mark('held')
  marks.drawn(10)
  expect(answered).toEqual([])
  marks.sent(2 * terminalAckBytes)
  expect(answered).toEqual([])
  marks.drawn(2 * terminalAckBytes)
  expect(answered).toEqual(['held'])
})

it('answers the pings of others at once', () => {
  marks.sent(10 * terminalAckBytes)
  for (const payload of [new Uint8Array(), new TextEncoder().encode('sent'), new Uint8Array(10)])
    marks.ping(payload, () => answered.push('other'))
  expect(answered).toEqual(['other', 'other', 'other'])
})

it('answers all once no window draws any more, and none of a connection that is gone', () => {
  marks.sent(10 * terminalAckBytes)
  mark('lost')
  marks.drop()
  mark('kept')
  marks.reset()
  expect(answered).toEqual(['kept'])
  mark('nothing is on its way')
  expect(answered).toEqual(['kept', 'nothing is on its way'])
})

it('is not opened by a window that says to have drawn more than it got', () => {
  marks.sent(2 * terminalAckBytes)
  marks.drawn(100 * terminalAckBytes)
  marks.sent(2 * terminalAckBytes)
  mark('later')
  expect(answered).toEqual([])
})
