import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameProblem, nameRules } from '../../contract/names.ts'
import { toUsername } from './owner-sessions.ts'

describe('the username of the person at this machine', () => {
  it('keeps as much of the name as Coder allows', () => {
    expect(toUsername('ada')).toBe('ada')
    expect(toUsername('Ada Lovelace')).toBe('ada-lovelace')
    expect(toUsername('José Müller')).toBe('jose-muller')
    expect(toUsername('DOMAIN\\user.name')).toBe('domain-user-name')
  })

  it('falls back where nothing is left', () => {
    for (const name of ['', '…', '李明', 'new', 'create', '---']) expect(toUsername(name)).toBe('owner')
  })

  it('is always one that Coder takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
        expect(nameProblem(nameRules.username, toUsername(name))).toBeUndefined()
      }),
    )
  })
})
