import { describe, expect, it } from 'vitest'
import { contentDisposition, dispositionName } from './file-name.ts'
import { uploadedType } from './file-type.ts'

const PNG = Buffer.from('\u0089PNG\r\n\u001A\n rest', 'latin1')
const JPEG = Buffer.from('\u00FF\u00D8\u00FF\u00E0', 'latin1')
const text = (words: string): Buffer => Buffer.from(words)

describe('the type of an upload', () => {
  it.each<[string, Buffer, string, string]>([
    ['image/png', PNG, 'a.png', 'image/png'],
    // Pictures are what they are, not what they are called.
    ['image/png', JPEG, 'a.png', 'image/jpeg'],
    ['application/octet-stream', PNG, '', 'image/png'],
    ['application/octet-stream', text('%PDF-1.7'), '', 'application/pdf'],
    ['', text('hello'), 'x', 'text/plain'],
    ['text/plain', text('# hi'), 'notes.MD', 'text/markdown'],
    ['text/plain; charset=utf-8', text('a,b'), 'a.csv', 'text/csv'],
    ['text/plain', text('{}'), 'a.json', 'application/json'],
    ['text/csv', text('a,b'), 'a.txt', 'text/csv'],
    // Source of a picture that somebody pasted as text is text.
    ['text/plain', text('<svg></svg>'), 'a.txt', 'text/plain'],
  ])('%s with %j named %j is kept as %s', (declared, bytes, name, type) => {
    expect(uploadedType(declared, bytes, name)).toEqual({ type })
  })

  it.each<[string, Buffer, string]>([
    ['image/svg+xml', text('<svg/>'), 'a.svg'],
    ['application/octet-stream', text('<?xml version="1.0"?>\n<!-- x --><svg xmlns="x">'), 'a'],
    ['image/png', text('<svg/>'), 'a.png'],
    ['image/png', text('no picture'), 'a.png'],
    ['text/html', text('<p>'), 'a.html'],
    ['text/plain', PNG, 'a.txt'],
    ['text/csv', Buffer.from([1, 0, 2]), 'a.csv'],
    ['application/pdf', PNG, 'a.pdf'],
    ['application/octet-stream', Buffer.from([1, 0, 2]), 'a'],
    ['text/plain', Buffer.from([0xff, 0xfe, 0x41]), 'a.txt'],
  ])('%s with %j is refused', (declared, bytes, name) => {
    expect(uploadedType(declared, bytes, name)).toHaveProperty('refused')
  })
})

describe('the name of an upload', () => {
  it.each([
    ['attachment; filename="a b.txt"', 'a b.txt'],
    ['attachment; filename=plain.txt', 'plain.txt'],
    [String.raw`attachment; filename="say \"hi\".txt"`, 'say "hi".txt'],
    ['attachment; filename="x"; filename*=UTF-8\'\'na%C3%AFve.txt', 'naïve.txt'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    [String.raw`attachment; filename*=utf-8''..%5C..%5Cevil.txt`, 'evil.txt'],
    ["attachment; filename*=UTF-8''abc%E2%80%AEtxt.exe", 'abctxt.exe'],
    ["attachment; filename*=UTF-8''%ZZ; filename=kept.txt", 'kept.txt'],
    ['attachment; filename=".."', ''],
    ['inline', ''],
    [null, ''],
  ])('%j is %j', (header, name) => {
    expect(dispositionName(header)).toBe(name)
  })

  it('comes back as it was, and leaves its header for nothing', () => {
    for (const name of ['naïve "x".txt', "it's (1)*.md", '100%.csv', '日本.pdf']) {
      const header = contentDisposition('attachment', name)
      expect(dispositionName(header)).toBe(name)
      expect(header).toMatch(/^[\x20-\x7E]+$/)
    }
    expect(contentDisposition('inline', '')).toBe('inline')
  })
})
