import { describe, expect, it } from 'vitest'
import type { MessageRow } from './chat-rows.ts'
import { titleSubject, toLabel, toTitle, turnSubject } from './chat-words.ts'
import type { StoredPart } from './stored-parts.ts'

it.each([
  ['Fix the login test', 'Fix the login test'],
  ['"Fix the login test."', 'Fix the login test'],
  ['\n# **Title: Fix it**\nbecause it is broken', 'Fix it'],
  ['“Den Test reparieren”', 'Den Test reparieren'],
  ['evil\u202Etitle', 'evil title'],
  ['***', ''],
  ['', ''],
  ['x'.repeat(200), 'x'.repeat(80)],
])('a model that says %j means the title %j', (said, title) => {
  expect(toTitle(said)).toBe(title)
})

it('a label has up to five words', () => {
  expect(toLabel('- Fixed the login test of the app for good.')).toBe('Fixed the login test of')
})

let id = 0
function row(role: string, parts: StoredPart[], visibility = 'both'): MessageRow {
  id += 1
  return { id, role, visibility, content: JSON.stringify(parts) } as MessageRow
}
const words = (text: string): StoredPart => ({ type: 'text', text })

describe('what a model is asked about', () => {
  const file = { type: 'file', file_id: 'f', media_type: 'image/png', name: 'shot.png' } as const
  it('is what people wrote, and what they attached', () => {
    const rows = [
      row('user', [words('first'), file]),
      row('assistant', [words('x')]),
      row('user', [words('b')]),
    ]
    expect(titleSubject(rows)).toBe('first\nshot.png\n\nb')
    expect(titleSubject([row('user', [words('y'.repeat(9000))])])).toHaveLength(4000)
    expect(titleSubject([row('user', [words('hidden')], 'model')])).toBe('')
  })

  it('is the last turn, unless the model had nothing to say in it', () => {
    const rows = [row('user', [words('a')]), row('assistant', [words('b')]), row('user', [words('c')])]
    expect(turnSubject(rows)).toBe('')
    expect(turnSubject([...rows, row('assistant', [words('d')])])).toBe(
      'The user asked:\nc\n\nThe answer:\nd',
    )
  })
})
