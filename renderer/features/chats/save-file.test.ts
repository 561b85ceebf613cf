import { beforeEach, expect, it } from 'vitest'
import { createRpcClient } from '../../api/rpc-client.ts'
import { createFakeBridge, failure } from '../../testing/fake-bridge.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { saveFile } from './save-file.ts'

beforeEach(() => useToasts.setState({ toasts: [] }))

function setup(answer: () => { saved: boolean }) {
  const fake = createFakeBridge()
  fake.answer('chats.saveFile', answer)
  const client = createRpcClient(fake.bridge)
  return {
    fake,
    save: async (name: string) => saveFile(client, 'local', sampleId(40), name),
    toasts: () => useToasts.getState().toasts,
  }
}

it('tells that a file is saved, by a name that hides nothing', async () => {
  const { fake, save, toasts } = setup(() => ({ saved: true }))
  await save('a\u202eb.txt')
  expect(fake.inputsOf('chats.saveFile')).toEqual([
    { deploymentId: 'local', fileId: sampleId(40), name: 'a\u202eb.txt' },
  ])
  expect(toasts()).toMatchObject([{ tone: 'ok', title: 'a‹U+202E›b.txt is saved' }])
})

it('says nothing where no place was chosen', async () => {
  const { save, toasts } = setup(() => ({ saved: false }))
  await save('a.txt')
  expect(toasts()).toEqual([])
})

it('says why a file is not saved', async () => {
  const { save, toasts } = setup(() => {
    throw failure<'chats.saveFile'>('not_saved', 'The disk is full.')
  })
  await save('a.txt')
  expect(toasts()).toMatchObject([{ tone: 'bad', title: 'a.txt is not saved', detail: 'The disk is full.' }])
})

it('keeps the end of a name that is too long, and gives one to a file without', async () => {
  const { fake, save } = setup(() => ({ saved: true }))
  await save(`${'x'.repeat(300)}.pdf`)
  await save('')
  expect(fake.inputsOf('chats.saveFile').map(({ name }) => name)).toEqual([`${'x'.repeat(251)}.pdf`, 'File'])
})
