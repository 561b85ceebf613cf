import { expect, test } from 'vitest'
import { parseHostName } from './host-name.ts'

const rules = { prefix: 'coder.', suffix: 'coder' }

test.each([
  ['coder.dev', { owner: 'me', workspace: 'dev' }],
  ['dev.coder', { owner: 'me', workspace: 'dev' }],
  ['dev.main', { owner: 'me', workspace: 'dev', agent: 'main' }],
  ['ada/dev', { owner: 'ada', workspace: 'dev' }],
  ['coder.ada--dev', { owner: 'ada', workspace: 'dev' }],
  ['ada--dev--main', { owner: 'ada', workspace: 'dev', agent: 'main' }],
  ['ada/dev.main', { owner: 'ada', workspace: 'dev', agent: 'main' }],
  ['main.dev.ada.coder', { owner: 'ada', workspace: 'dev', agent: 'main' }],
  ['0B0A1C2D-1111-2222-3333-444455556666', { id: '0b0a1c2d-1111-2222-3333-444455556666' }],
])('%s', (host, name) => {
  expect(parseHostName(host, rules)).toEqual(name)
})

test.each(['', 'coder.', 'a//b', 'a.b.c.d', '/x'])('%j names nothing', (host) => {
  expect(() => parseHostName(host, rules)).toThrow(TypeError)
})
