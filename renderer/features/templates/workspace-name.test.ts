import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameProblem as serverProblem, nameRules } from '#bridge/contract/names'
import { nameProblem, suggestName } from './workspace-name.ts'

const none = new Set<string>()

describe('a workspace name', () => {
  it.each([
    ['', 'A workspace needs a name.'],
    ['payments api', 'No spaces in a name.'],
    ['a'.repeat(40), 'At most 32 characters; these are 40.'],
    ['new', '“new” is a reserved word.'],
    ['a--b', 'Use letters, digits and single hyphens between them.'],
  ])('%j gets its own sentence', (name, message) => {
    expect(nameProblem(name, none)?.message).toBe(message)
  })

  it('offers a free name near what was typed', () => {
    expect(nameProblem('payments api', new Set(['payments-api']))?.suggestion).toBe('payments-api-2')
    expect(nameProblem('Überraschung!', none)?.suggestion).toBe('Uberraschung')
    expect(nameProblem('???', none)?.suggestion).toBeUndefined()
  })

  it('says which name is taken, whatever the case', () => {
    expect(nameProblem('API', new Set(['api']))?.message).toBe('You have a workspace named API already.')
  })

  it('agrees with the rule the server has, and only suggests names that pass it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(nameProblem(text, none) === undefined).toBe(
          serverProblem(nameRules.workspaceName, text) === undefined &&
            !['new', 'create'].includes(text.toLowerCase()),
        )
        const suggestion = suggestName(text, none)
        if (suggestion !== undefined)
          expect(serverProblem(nameRules.workspaceName, suggestion)).toBeUndefined()
      }),
    )
  })
})
