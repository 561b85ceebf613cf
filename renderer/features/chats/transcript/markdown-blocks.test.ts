import fc from 'fast-check'
import { expect, it } from 'vitest'
import { appendMarkdown, noBlocks, openBlock, openBlocks, splitMarkdown } from './markdown-blocks.ts'

it('cuts at blank lines', () => {
  expect(splitMarkdown('# A\n\ntext\nmore\n\n\n> quote')).toEqual(['# A', 'text\nmore', '> quote'])
})

it('keeps a fence whole, blank lines and all, and lets it stand alone', () => {
  expect(splitMarkdown('before\n```ts\na\n\n```not the end\nb\n```\nafter')).toEqual([
    'before',
    '```ts\na\n\n```not the end\nb\n```',
    'after',
  ])
})

it('keeps a list whole with what is indented below it', () => {
  const list = '1. one\n\n   more\n\n2. two\n\n   ```sh\n   ls\n\n   pwd\n   ```\n\n3. three'
  expect(splitMarkdown(`${list}\n\nend`)).toEqual([list, 'end'])
})

it('keeps a text with definitions whole', () => {
  const text = 'See [the guide][1].\n\nMore.\n\n[1]: https://example.com'
  expect(splitMarkdown(text)).toEqual([text])
})

it('ends a fence although the line after it is still written', () => {
  const blocks = appendMarkdown(noBlocks, '```go\na\n```\n\nafter')
  expect(openBlocks(blocks)).toEqual(['```go\na\n```\n\n', 'after'])
  expect(openBlocks(appendMarkdown(noBlocks, '```go\na\n\nb'))).toEqual(['```go\na\n\nb'])
})

it('says the same however the text comes in pieces', () => {
  const line = fc.constantFrom(
    'text',
    '',
    '',
    '```',
    '```go',
    '- item',
    '  indented',
    '> q',
    '~~~',
    '1. x',
    '| a |',
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.array(fc.nat(7), { maxLength: 60 }), (lines, cuts) => {
      const text = lines.join('\n')
      let blocks = noBlocks
      let at = 0
      for (const cut of cuts) {
        blocks = appendMarkdown(blocks, text.slice(at, at + cut))
        at += cut
      }
      blocks = appendMarkdown(blocks, text.slice(at))
      expect(blocks).toEqual(appendMarkdown(noBlocks, text))
      // Nothing is lost but blank lines between blocks.
      const said = [...blocks.closed, openBlock(blocks)].join('\n').replaceAll(/\s/g, '')
      expect(said).toBe(text.replaceAll(/\s/g, ''))
    }),
  )
})
