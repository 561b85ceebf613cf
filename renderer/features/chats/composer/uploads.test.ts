import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createApi } from '../../../api/create-api.ts'
import { failure } from '../../../testing/fake-bridge.ts'
import { createQuietBridge } from '../../../testing/render-app.tsx'
import { sampleId } from '../../../testing/wire-samples.ts'
import { useToasts } from '../../../ui/toast-store.ts'
import { drafts } from './draft-store.ts'
import { emptyDraft } from './draft.ts'
import { shrinkImage, shrinkSteps } from './shrink-image.ts'
import { attachFiles, attachPaste, removeAttachment, useUploads } from './uploads.ts'

const place = 'local.uploads'
const fileId = sampleId(40)

function setup() {
  const fake = createQuietBridge()
  fake.answer('chats.uploadFile', ({ isLast }) => (isLast ? { fileId } : {}))
  return { fake, target: { client: createApi(fake.bridge).client, deploymentId: 'local', place } }
}
const attachments = () => drafts.read(place).draft.attachments

beforeEach(() => {
  drafts.change(place, () => emptyDraft)
  useToasts.setState({ toasts: [] })
})

describe('attaching', () => {
  it('uploads in pieces and keeps the id with the draft', async () => {
    const { fake, target } = setup()
    await attachFiles(target, [new File(['x'.repeat(600 * 1024)], 'big.log', { type: 'text/plain' })])
    await vi.waitFor(() => expect(attachments()[0]?.fileId).toBe(fileId))
    const pieces = fake.inputsOf('chats.uploadFile')
    expect(pieces.map(({ isLast }) => isLast)).toEqual([false, true])
    expect(pieces.map(({ piece }) => atob(piece).length)).toEqual([512 * 1024, 88 * 1024])
    expect(new Set(pieces.map(({ uploadId }) => uploadId)).size).toBe(1)
  })

  it('says why a file is not taken', async () => {
    const { fake, target } = setup()
    await attachFiles(target, [new File(['x'], 'a.zip', { type: 'application/zip' })])
    expect(attachments()).toEqual([])
    expect(useToasts.getState().toasts[0]?.title).toBe('a.zip is not attached')
    expect(fake.inputsOf('chats.uploadFile')).toEqual([])
  })

  it('keeps what failed and tries it again on demand', async () => {
    const { fake, target } = setup()
    fake.answer('chats.uploadFile', () => {
      throw failure<'chats.uploadFile'>('rate_limited', 'Too many files. Try again in a minute.')
    })
    await attachFiles(target, [new File(['x'], 'a.txt')])
    const id = attachments()[0]!.id
    await vi.waitFor(() => expect(useUploads.getState()[id]?.kind).toBe('failed'))
    fake.answer('chats.uploadFile', () => ({ fileId }))
    const upload = useUploads.getState()[id]
    if (upload?.kind === 'failed') upload.retry()
    await vi.waitFor(() => expect(attachments()[0]?.fileId).toBe(fileId))
  })

  it('gives up an upload whose attachment is removed', async () => {
    const { fake, target } = setup()
    fake.answer('chats.uploadFile', () => new Promise(() => undefined))
    await attachFiles(target, [new File(['x'], 'a.txt')])
    removeAttachment(place, attachments()[0]!.id)
    expect(attachments()).toEqual([])
  })

  it('keeps the text of a long paste', () => {
    attachPaste(setup().target, 'line\n'.repeat(20))
    attachPaste(setup().target, 'other\n'.repeat(20))
    expect(attachments().map(({ name, text }) => [name, text?.slice(0, 4)])).toEqual([
      ['pasted.txt', 'line'],
      ['pasted-2.txt', 'othe'],
    ])
  })
})

describe('an image that is too large', () => {
  const large = new File([new Uint8Array(5 * 1024 * 1024)], 'shot.png', { type: 'image/png' })

  it('is drawn smaller until it fits', async () => {
    const draw = vi.fn(
      async (_: Blob, edge: number) => new Blob([new Uint8Array(edge > 2048 ? 5 * 1024 * 1024 : 1000)]),
    )
    const smaller = await shrinkImage(large, draw)
    expect([smaller.name, smaller.type, smaller.size]).toEqual(['shot.jpg', 'image/jpeg', 1000])
    expect(draw.mock.calls.length).toBe(shrinkSteps.findIndex(({ edge }) => edge <= 2048) + 1)
  })

  it('stays as it is when it fits, or moves', async () => {
    const draw = vi.fn()
    const small = new File(['x'], 'a.png', { type: 'image/png' })
    const moving = new File([new Uint8Array(5 * 1024 * 1024)], 'a.gif', { type: 'image/gif' })
    expect(await shrinkImage(small, draw)).toBe(small)
    expect(await shrinkImage(moving, draw)).toBe(moving)
    expect(draw).not.toHaveBeenCalled()
  })
})
