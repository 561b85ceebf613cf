import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { createFilesClient } from '../../api/files-client.ts'
import { createFakeKit } from '../../testing/fake-editor-kit.ts'
import { createFakeFiles, FilesRefusal, sampleText } from '../../testing/file-samples.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { EditorArea } from './editor-area.tsx'
import { createOpenDocuments } from './open-documents.ts'
import type { RecoveryStore, UnsavedText } from './recovery.ts'

const place = { deploymentId: 'local', workspaceId: sampleId(2), agentName: 'main' }
const path = '/home/owner/notes.txt'
const version = (mark: string, size = 3) => ({ mtime: 1_790_000_000, size, sha256: mark.repeat(64) })
const recoveryId = sampleId(60)

/** The editor over files that answer; `text` is what the one file holds. */
async function show(
  text = 'one\ntwo\n',
  change: Parameters<typeof sampleText>[1] = {},
  changed: Partial<RecoveryStore> = {},
) {
  const fake = createQuietBridge()
  const kept: UnsavedText[] = []
  const removed: string[] = []
  const recoveries: RecoveryStore = {
    keep: async (unsaved) => {
      kept.push(unsaved)
      return recoveryId
    },
    remove: async (id) => void removed.push(id),
    list: async () => [],
    read: async () => 'unsaved',
    ...changed,
  }
  const files = createFakeFiles()
  files.answer('read', () => sampleText(text, { path, ...change }))
  files.answer('save', ({ bytes }) => ({ version: version('b', bytes.byteLength), path }))
  const documents = createOpenDocuments({
    client: createFilesClient(files.port, () => crypto.randomUUID()),
    place,
    recoveries,
    loadKit: async () => createFakeKit(),
    newId: () => crypto.randomUUID(),
    keepAfterMs: 0,
    onSaved: () => undefined,
  })
  const onDownload = vi.fn()
  const render = () => renderPage(<EditorArea documents={documents} onDownload={onDownload} />, fake)
  return { files, documents, onDownload, kept, removed, render }
}

const field = async (name = 'notes.txt'): Promise<HTMLTextAreaElement> =>
  screen.findByRole('textbox', { name })
const type = async (text: string): Promise<void> =>
  void fireEvent.input(await field(), { target: { value: text } })
const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name })
const saved = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

describe('an open text', () => {
  it('is marked when it changes, saved as it was written, and clean again', async () => {
    const { files, documents, render } = await show('one\ntwo\n', { eol: 'crlf' })
    documents.open(path)
    render()
    await type('one\nand a half\n')
    await screen.findByRole('tab', { name: 'notes.txt , not saved' })
    fireEvent.click(button('Save'))
    await screen.findByText('Saved')
    const [save] = files.requestsOf('save')
    expect(saved(save?.bytes)).toBe('one\r\nand a half\r\n')
    expect(save?.base).toEqual(sampleText('one\ntwo\n').version)
  })

  it('is kept outside of the window while it is typed, and no longer once it is saved', async () => {
    const { documents, kept, removed, render } = await show()
    documents.open(path)
    render()
    await type('one more')
    await waitFor(() => expect(kept.map(({ text }) => text)).toEqual(['one more']))
    expect(kept[0]).toMatchObject({ path, baseSha256: 'a'.repeat(64) })
    fireEvent.click(button('Save'))
    await waitFor(() => expect(removed).toEqual([recoveryId]))
  })

  it('says so when it cannot be kept', async () => {
    const keep = (): Promise<string> => Promise.reject(new Error('no room'))
    const { documents, render } = await show(undefined, undefined, { keep })
    documents.open(path)
    render()
    await type('one')
    await screen.findByText(/cannot be kept on this computer/)
  })

  it('is not closed with changes before a question is answered', async () => {
    const { documents, files, render } = await show()
    documents.open(path)
    render()
    await type('changed')
    fireEvent.keyDown(await screen.findByRole('tab', { name: /notes/ }), { key: 'Delete' })
    await screen.findByText('Save notes.txt before closing it?')
    fireEvent.click(button('Keep editing'))
    expect(documents.store.getState().documents).toHaveLength(1)
    fireEvent.keyDown(await screen.findByRole('tab', { name: /notes/ }), { key: 'Delete' })
    fireEvent.click(await screen.findByRole('button', { name: 'Save and close' }))
    await waitFor(() => expect(documents.store.getState().documents).toHaveLength(0))
    expect(files.requestsOf('save')).toHaveLength(1)
  })

  it('is not written in an encoding that lacks its characters', async () => {
    const { documents, files, render } = await show('caf', { encoding: 'windows-1252' })
    documents.open(path)
    render()
    await type('日本')
    fireEvent.click(button('Save'))
    await screen.findByText(/characters that this encoding does not have/)
    expect(files.requestsOf('save')).toEqual([])
    fireEvent.click(button('Use UTF-8'))
    fireEvent.click(button('Save'))
    await waitFor(() => expect(saved(files.requestsOf('save')[0]?.bytes)).toBe('日本'))
  })

  it('is shown but not changed when it is too large, and offered for download when it is none', async () => {
    const large = await show('begin', { isTruncated: true, version: null, size: 90_000_000 })
    large.documents.open(path)
    const { unmount } = large.render()
    expect((await field()).readOnly).toBe(true)
    await screen.findByText(/Its first .* are shown/)
    unmount()
    const binary = await show('', { isBinary: true, size: 512 })
    binary.documents.open('/home/owner/photo.png')
    binary.render()
    await screen.findByText('photo.png is not text')
    fireEvent.click(button('Download'))
    expect(binary.onDownload).toHaveBeenCalledWith('/home/owner/photo.png')
  })
})

describe('a file that changed on the workspace meanwhile', () => {
  async function inConflict(theirs = 'zero\none\ntwo\n') {
    const shown = await show()
    shown.documents.open(path)
    shown.render()
    await type('one\ntwo\nthree\n')
    shown.files.answer('save', ({ base, force, bytes }) => {
      if (!force && base?.sha256 !== 'c'.repeat(64)) {
        throw new FilesRefusal('conflict', 'It was changed.', version('c'))
      }
      return { version: version('d', bytes.byteLength), path }
    })
    shown.files.answer('read', () => sampleText(theirs, { path, version: version('c') }))
    fireEvent.click(button('Save'))
    await screen.findByText('notes.txt was changed on the workspace since you opened it.')
    return shown
  }
  const last = (files: { requestsOf: (op: 'save') => { bytes: Uint8Array; force: boolean }[] }) =>
    files.requestsOf('save').at(-1)

  it('is merged, and the result saved over what was seen', async () => {
    const { files } = await inConflict()
    expect((await field('Result')).value).toBe('zero\none\ntwo\nthree\n')
    fireEvent.input(await field('Result'), { target: { value: 'mine and theirs\n' } })
    fireEvent.click(button('Save the result'))
    await screen.findByText('Saved')
    expect([saved(last(files)?.bytes), last(files)?.force]).toEqual(['mine and theirs\n', false])
  })

  it('is overwritten when the user says so', async () => {
    const { files } = await inConflict()
    fireEvent.click(button('Keep mine'))
    await screen.findByText('Saved')
    expect([saved(last(files)?.bytes), last(files)?.force]).toEqual(['one\ntwo\nthree\n', true])
  })

  it('is taken as it is, with nothing unsaved', async () => {
    const { files } = await inConflict()
    fireEvent.click(button('Take theirs'))
    expect((await field()).value).toBe('zero\none\ntwo\n')
    await screen.findByText('Saved')
    expect(files.requestsOf('save')).toHaveLength(1)
  })

  it('counts the places where both changed the same', async () => {
    await inConflict('one\ntwo\nother\n')
    await screen.findByText(/One place was changed by both of you/)
  })
})

describe('saving as root', () => {
  it('asks for the password once, says when it is wrong, and forgets it with each try', async () => {
    const { files, documents, render } = await show()
    files.answer('save', () => {
      throw new FilesRefusal('permission_denied', 'You may not write it.')
    })
    files.answer('save-as-root', ({ password, bytes }) => {
      if (password === null) throw new FilesRefusal('password_needed', 'sudo asks for your password.')
      if (password !== 'right') throw new FilesRefusal('wrong_password', 'That is not the password.')
      return { version: version('d', bytes.byteLength), path }
    })
    documents.open(path)
    render()
    await type('as root')
    fireEvent.click(button('Save'))
    fireEvent.click(await screen.findByRole('button', { name: 'Save as root…' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Save as root' }))
    const password = await screen.findByLabelText<HTMLInputElement>('Your password on the workspace')
    fireEvent.change(password, { target: { value: 'wrong' } })
    fireEvent.click(button('Save as root'))
    await screen.findByText('That is not the password.')
    expect(password.value).toBe('')
    fireEvent.change(password, { target: { value: 'right' } })
    fireEvent.click(button('Save as root'))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(files.requestsOf('save-as-root').map((request) => request.password)).toEqual([
      null,
      'wrong',
      'right',
    ])
  })
})

describe('text of before that was not saved', () => {
  const recovery = {
    recoveryId,
    ...place,
    location: path,
    savedAt: Date.now() - 60_000,
    baseSha256: 'a'.repeat(64),
    chars: 7,
  }
  async function restored(change: Parameters<typeof sampleText>[1] = {}) {
    const shown = await show(undefined, change, { list: async () => [recovery] })
    await shown.documents.restore()
    await act(async () => shown.render())
    return shown
  }

  it('is there again, and can be thrown away', async () => {
    const { removed } = await restored()
    expect((await field()).value).toBe('unsaved')
    await screen.findByText(/were not saved. Here they are again/)
    fireEvent.click(button('Throw away'))
    await waitFor(() => expect(removed).toEqual([recoveryId]))
    expect((await field()).value).toBe('one\ntwo\n')
  })

  it('does not go over what changed since', async () => {
    const { files } = await restored({ version: version('c') })
    files.answer('save', ({ base }) => {
      expect(base?.sha256).toBe('a'.repeat(64))
      throw new FilesRefusal('conflict', 'It was changed.', version('c'))
    })
    expect((await field()).value).toBe('unsaved')
    fireEvent.click(button('Save'))
    await screen.findByText(/What it was before is not known any more/)
  })

  it('stays kept when it cannot be shown and its tab is closed', async () => {
    const shown = await show(undefined, undefined, { list: async () => [recovery] })
    shown.files.answer('read', () => {
      throw new FilesRefusal('disconnected', 'No way in.')
    })
    await shown.documents.restore()
    shown.render()
    await screen.findByText('No way in.')
    fireEvent.keyDown(await screen.findByRole('tab', { name: /notes/ }), { key: 'Delete' })
    await waitFor(() => expect(shown.documents.store.getState().documents).toEqual([]))
    expect(shown.removed).toEqual([])
  })
})
