import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { splitFrontMatter } from '../lib/split-front-matter.ts'
import { readFrontMatter } from './front-matter.ts'

test.each([
  ['in one line', 'tags: [local, "two words", \'c\']', ['local', 'two words', 'c']],
  ['one a line', 'tags:\n  - local\n  - "two words"\nicon: /icon/x.svg', ['local', 'two words']],
  ['of another key', 'maintainers:\n  - ada\ntags: [shell]', ['shell']],
  ['that are none', 'display_name: X', []],
])('reads tags %s', (_, block, tags) => {
  expect(readFrontMatter(`---\n${block}\n---\n# Title\n`).tags).toEqual(tags)
})

it('reads names and words, quoted or not', () => {
  const readme =
    '---\r\ndisplay_name: "Plain: shell"\r\ndescription: A folder\r\nicon: \'/icon/x.svg\'\r\n---\r\n\r\n# Title\r\n'
  expect(readFrontMatter(readme)).toEqual({
    displayName: 'Plain: shell',
    description: 'A folder',
    icon: '/icon/x.svg',
    tags: [],
  })
  expect(splitFrontMatter(readme).content).toBe('# Title\r\n')
})

it('leaves a README without a block as it is', () => {
  for (const readme of ['', '# Title\n', '---\nnever closed\n', 'text\n---\nicon: x\n---\n']) {
    expect(splitFrontMatter(readme)).toEqual({ block: '', content: readme })
  }
})

it('reads anything without failing', () => {
  const piece = fc.constantFrom('---\n', 'tags:', '- x\n', 'icon: "', '\r\n', ': ', '[a,', ']', 'é')
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      expect(readFrontMatter(pieces.join('')).tags).toBeInstanceOf(Array)
    }),
  )
})
