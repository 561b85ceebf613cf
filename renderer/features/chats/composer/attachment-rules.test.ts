import { expect, it } from 'vitest'
import { attachmentProblem, attachmentType, isLongPaste, maxFileBytes } from './attachment-rules.ts'

it.each([
  ['a.png', 'image/png', 'image/png'],
  ['a.md', '', 'text/markdown'],
  ['main.go', '', 'text/plain'],
  ['a.ts', 'video/mp2t', 'text/plain'],
  ['x.yaml', 'application/yaml', 'text/plain'],
  ['a.svg', 'image/svg+xml', undefined],
  ['a.zip', 'application/zip', undefined],
  ['a.docx', '', undefined],
])('%s of type "%s" goes as %s', (name, type, sent) => expect(attachmentType(name, type)).toBe(sent))

it('says in words what is too large, empty or not to be read', () => {
  const file = { name: 'a.txt', type: 'text/plain', size: 1 }
  expect(attachmentProblem(file)).toBeUndefined()
  expect(attachmentProblem({ ...file, size: maxFileBytes + 1 })).toContain('10.5 MB at most')
  expect(attachmentProblem({ ...file, size: 0 })).toBe('a.txt is empty.')
  expect(attachmentProblem({ ...file, name: 'a.zip', type: 'application/zip' })).toContain('cannot read')
})

it.each([
  ['x'.repeat(999), false],
  ['x'.repeat(1000), true],
  ['\n'.repeat(8), false],
  ['\n'.repeat(9), true],
])('%#: takes a long paste for a file', (text, long) => expect(isLongPaste(text)).toBe(long))
