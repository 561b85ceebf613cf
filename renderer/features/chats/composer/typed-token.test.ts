import { expect, it } from 'vitest'
import { typedToken } from './typed-token.ts'

it.each([
  ['/', 1, { kind: 'command', query: '', start: 0 }],
  ['/pl', 3, { kind: 'command', query: 'pl', start: 0 }],
  ['/pl', 1, undefined],
  ['see /pl', 7, undefined],
  ['/etc/hosts', 10, undefined],
  ['@', 1, { kind: 'file', query: '', start: 0 }],
  ['look at @src/ma', 15, { kind: 'file', query: 'src/ma', start: 8 }],
  ['me@home', 7, undefined],
  ['@a b', 4, undefined],
])('%s at %i', (text, caret, token) => expect(typedToken(text, caret)).toEqual(token))
