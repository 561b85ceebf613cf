import { expect, it } from 'vitest'
import { testUuid } from '../../testing/builders.ts'
import { createChatFiles, suggestedName } from './chat-files.ts'

const files = () =>
  createChatFiles(() => {
    throw new Error('Nothing of this is sent.')
  })
const piece = (number: number, at: number, bytes = 'abc', isLast = false) => ({
  deploymentId: 'local',
  uploadId: testUuid(number),
  name: 'notes.txt',
  mediaType: 'text/plain',
  at,
  piece: Buffer.from(bytes).toString('base64'),
  isLast,
})
const { signal } = new AbortController()

it('never sends a file whose beginning it does not have any more', async () => {
  const uploads = files()
  for (let number = 1; number <= 21; number += 1) await uploads.upload(piece(number, 0), signal)
  // The first was forgotten for the twenty-first.
  await expect(uploads.upload(piece(1, 3, 'def', true), signal)).rejects.toMatchObject({
    code: 'piece_missing',
  })
  await expect(uploads.upload(piece(2, 3, 'def'), signal)).resolves.toEqual({})
  await expect(uploads.upload(piece(2, 3, 'def'), signal)).rejects.toMatchObject({ code: 'piece_missing' })
})

it('says that a file is too large before it is whole', async () => {
  const uploads = files()
  const half = 'x'.repeat(6 * 1024 * 1024)
  await uploads.upload(piece(1, 0, half), signal)
  await expect(uploads.upload(piece(1, half.length, half), signal)).rejects.toMatchObject({
    code: 'too_large',
  })
})

it('takes no file of a type that chats do not know', async () => {
  await expect(
    files().upload({ ...piece(1, 0, '<svg/>', true), mediaType: 'image/svg+xml' }, signal),
  ).rejects.toMatchObject({ code: 'type_refused' })
})

it.each([
  ['Report of May.pdf', 'Report of May.pdf'],
  ['../../etc/pass wd', 'pass wd'],
  ['C:\\Users\\a.txt', 'a.txt'],
  ['.bashrc', 'bashrc'],
  ['picture\u202Egnp.exe', 'picturegnp.exe'],
  ['a:b|c?\n.txt', 'abc.txt'],
  ['Übersicht 表.csv', 'Übersicht 表.csv'],
  ['..', 'file'],
  ['folder/', 'file'],
])('suggests a name for %j that leads nowhere and hides nothing', (name, suggested) =>
  expect(suggestedName(name, 'application/octet-stream')).toBe(suggested),
)

it.each([
  ['The desktop', 'image/png', 'The desktop.png'],
  ['notes', 'text/plain; charset=utf-8', 'notes.txt'],
  ['notes.md', 'text/plain', 'notes.md'],
  ['thing', 'constructor', 'thing'],
])('gives %j, %s, an ending where it has none', (name, mediaType, suggested) =>
  expect(suggestedName(name, mediaType)).toBe(suggested),
)
