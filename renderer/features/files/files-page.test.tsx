import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Workspace } from '#bridge/contract/workspaces'
import { useApi } from '../../api/api-context.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import {
  createFakeFiles,
  FilesRefusal,
  sampleEntry,
  sampleText,
  sampleTransfer,
} from '../../testing/file-samples.ts'
import { createFakeKit } from '../../testing/fake-editor-kit.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import {
  sampleAgent,
  sampleBuild,
  sampleDeployment,
  sampleId,
  sampleWorkspace,
} from '../../testing/wire-samples.ts'
import { createFilesHost, FilesProvider, type WantedFile } from './files-host.tsx'
import { FilesPage } from './files-page.tsx'

const home = '/home/owner'
const folders = {
  [home]: [
    sampleEntry('src', { kind: 'folder' }),
    sampleEntry('notes.txt'),
    sampleEntry('photo.png', { size: 5_000_000 }),
    sampleEntry('.profile'),
  ],
  [`${home}/src`]: [sampleEntry('main.ts')],
}

beforeEach(() => {
  // The list shows only what fits, and nothing is laid out here.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800)
  useToasts.setState({ toasts: [] })
  localStorage.clear()
})

function show(
  workspace: Workspace = sampleWorkspace({
    latest_build: sampleBuild({}, [sampleAgent({ expanded_directory: undefined })]),
  }),
) {
  const fake = createQuietBridge()
  const files = createFakeFiles()
  files.answer('home', () => ({ path: home }))
  files.haveFolders(folders)
  /** Has the page's own way to main: a bridge has one listener. */
  function Page({ wanted }: { readonly wanted: WantedFile | undefined }) {
    const rpc = useApi().client
    const [host] = useState(() => {
      const made = createFilesHost({
        rpc,
        port: () => files.port,
        dropFiles: fake.bridge.dropFiles,
        loadKit: async () => createFakeKit(),
        newId: () => crypto.randomUUID(),
      })
      made.wanted.setState({ file: wanted })
      return made
    })
    return (
      <FilesProvider host={host}>
        <FilesPage deployment={sampleDeployment()} workspace={workspace} />
      </FilesProvider>
    )
  }
  const render = (wanted?: WantedFile) => renderPage(<Page wanted={wanted} />, fake)
  return { fake, files, render }
}

const tree = async (): Promise<HTMLElement> =>
  screen.findByRole('treegrid', { name: 'Files of payments-api' })
const row = async (name: string): Promise<HTMLElement> => {
  const found = (await screen.findByText(name)).closest<HTMLElement>('[role=row]')
  if (!found) throw new Error(`${name} is in no row`)
  return found
}
const press = async (key: string, more: object = {}): Promise<void> =>
  void fireEvent.keyDown(await tree(), { key, ...more })

describe('the files of a workspace', () => {
  it('begin in the home folder, folders first and hidden files away until asked for', async () => {
    const { render } = show()
    render()
    await screen.findByText('notes.txt')
    const names = within(await tree())
      .getAllByRole('row')
      .slice(1)
      .map((each) => each.textContent)
    expect(names[0]).toContain('src')
    expect(screen.queryByText('.profile')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Show hidden files' }))
    await screen.findByText('.profile')
  })

  it('are gone through by keyboard: type-ahead, unfold, select, copy the path', async () => {
    const { fake, render } = show()
    fake.answer('app.copyText', () => null)
    render()
    await screen.findByText('src')
    await press('s')
    await press('ArrowRight')
    await screen.findByText('main.ts')
    await press('ArrowDown')
    await press('c', { ctrlKey: true })
    await waitFor(() => expect(fake.inputsOf('app.copyText')).toEqual([{ text: `${home}/src/main.ts` }]))
    await press('ArrowLeft')
    await press('ArrowLeft')
    await waitFor(() => expect(screen.queryByText('main.ts')).toBeNull())
  })

  it('are many, and only those in view are on the page', async () => {
    const { files, render } = show()
    const many = Array.from({ length: 5000 }, (_, index) => sampleEntry(`file-${index}`))
    files.haveFolders({ [home]: many })
    render()
    await screen.findByText('file-0')
    expect(screen.getAllByRole('row').length).toBeLessThan(80)
    await press('End')
    expect((await tree()).getAttribute('aria-rowcount')).toBe('5001')
    expect((await tree()).getAttribute('aria-activedescendant')).toMatch(/-4999$/)
  })

  it('go to the trash and come back', async () => {
    const { files, render } = show()
    const item = { name: 'notes.txt.2', path: `${home}/notes.txt`, deletedAt: '2026-11-22T09:00:00' }
    files.answer('trash', () => ({ item }))
    files.answer('restore', () => ({ path: item.path }))
    render()
    fireEvent.click(await row('notes.txt'))
    await press('Delete')
    await waitFor(() => expect(useToasts.getState().toasts).toHaveLength(1))
    useToasts.getState().toasts[0]?.action?.onSelect()
    await waitFor(() => expect(files.requestsOf('restore')).toEqual([{ op: 'restore', name: 'notes.txt.2' }]))
  })

  it('are deleted for good only after a question, where no trash takes them', async () => {
    const { files, render } = show()
    files.answer('trash', () => {
      throw new FilesRefusal('other_file_system', 'It lies on another disk.')
    })
    files.answer('delete', () => null)
    render()
    fireEvent.click(await row('notes.txt'))
    await press('Delete')
    await screen.findByText('Delete notes.txt for good?')
    expect(files.requestsOf('delete')).toEqual([])
    fireEvent.click(screen.getByRole('button', { name: 'Delete for good' }))
    await waitFor(() =>
      expect(files.requestsOf('delete')).toEqual([{ op: 'delete', path: `${home}/notes.txt` }]),
    )
  })

  it('get another name, and a name that is taken is said beside the field', async () => {
    const { files, render } = show()
    files.answer('rename', ({ to }) => {
      if (to.endsWith('photo.png')) throw new FilesRefusal('exists', '“photo.png” is there already.')
      return null
    })
    render()
    fireEvent.click(await row('notes.txt'))
    await press('F2')
    const field = await screen.findByLabelText('New name')
    fireEvent.change(field, { target: { value: 'photo.png' } })
    fireEvent.click(screen.getByRole('button', { name: 'Rename' }))
    await screen.findByText('“photo.png” is there already.')
    fireEvent.change(field, { target: { value: 'diary.txt' } })
    fireEvent.click(screen.getByRole('button', { name: 'Rename' }))
    await waitFor(() =>
      expect(files.requestsOf('rename').at(-1)).toEqual({
        op: 'rename',
        from: `${home}/notes.txt`,
        to: `${home}/diary.txt`,
        replace: false,
      }),
    )
  })

  it('say why they cannot be shown, and are asked for again', async () => {
    const { files, render } = show()
    files.answer('home', () => {
      throw new FilesRefusal('disconnected', 'payments-api cannot be reached.')
    })
    render()
    await screen.findByText('payments-api cannot be reached.')
    files.answer('home', () => ({ path: home }))
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByText('notes.txt')
  })

  it('say when there is no way in at the moment', async () => {
    const { files, render } = show()
    render()
    await screen.findByText('notes.txt')
    const place = { deploymentId: 'local', workspaceId: sampleId(2), agentName: 'main' }
    const state = { kind: 'waiting', reason: 'The workspace went away.', retryAt: Date.now() + 9000 } as const
    files.port.receive({ type: 'files-place', place, state })
    await screen.findByText(/The workspace went away/)
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }))
    expect(files.port.sent.at(-1)).toEqual({ type: 'files-retry-now', place })
  })

  it('wait for the agent', async () => {
    const agent = sampleAgent({ status: 'connecting' })
    const { render } = show(sampleWorkspace({ latest_build: sampleBuild({}, [agent]) }))
    render()
    await screen.findByText('Its files show once the agent is connected.')
  })

  it('take what is dropped on them', async () => {
    const { fake, files, render } = show()
    fake.answer('files.takeDropped', () => ({ localId: sampleId(50), items: [] }))
    render()
    const dataTransfer = { types: ['Files'], files: [{ name: 'x' }], getData: () => '' }
    fireEvent.drop(await row('src'), { dataTransfer })
    await waitFor(() =>
      expect(files.transferMessages.at(-1)).toMatchObject({
        type: 'transfers-upload',
        localId: sampleId(50),
        folder: `${home}/src`,
        onConflict: 'ask',
      }),
    )
    expect(fake.drops).toHaveLength(1)
  })

  it('open where something else in the window wants to see one', async () => {
    const { files, render } = show()
    files.answer('read', ({ path }) => sampleText('hello', { path }))
    render({
      deploymentId: 'local',
      workspaceId: sampleId(2),
      agentName: 'main',
      path: `${home}/src/main.ts`,
      isFolder: false,
      goTo: undefined,
    })
    expect(await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'main.ts' })).toHaveProperty(
      'value',
      'hello',
    )
  })
})

describe('transfers', () => {
  it('ask what to do with a file that is there, for one or for all', async () => {
    const { files, render } = show()
    render()
    await screen.findByText('notes.txt')
    const facts = { size: 10, mtime: 1_790_000_000 }
    const conflict = sampleTransfer(1, {
      state: { kind: 'conflict', name: 'file-1.bin', source: facts, target: { ...facts, isFolder: false } },
    })
    files.port.receive({ type: 'transfers-changed', isAll: true, transfers: [conflict], gone: [] })
    fireEvent.click(await screen.findByRole('button', { name: 'Transfers, 1 open, one needs you' }))
    fireEvent.click(await screen.findByText('For all'))
    const forAll = screen.getByRole('checkbox', { name: 'For all' })
    await waitFor(() => expect(forAll.getAttribute('aria-checked')).toBe('true'))
    fireEvent.click(screen.getByRole('button', { name: 'Keep both' }))
    expect(files.transferMessages.at(-1)).toEqual({
      type: 'transfers-resolve',
      transferId: conflict.transferId,
      choice: 'keep-both',
      forAll: true,
    })
  })

  it('are paused, resumed and taken off the list', async () => {
    const { files, render } = show()
    render()
    await screen.findByText('notes.txt')
    const all = [
      sampleTransfer(1),
      sampleTransfer(2, { state: { kind: 'paused' } }),
      sampleTransfer(3, { state: { kind: 'failed', reason: 'The disk is full.' } }),
    ]
    files.port.receive({ type: 'transfers-changed', isAll: true, transfers: all, gone: [] })
    fireEvent.click(await screen.findByRole('button', { name: /^Transfers, 2 open/ }))
    await screen.findByText('The disk is full.')
    fireEvent.click(screen.getByRole('button', { name: 'Pause file-1.bin' }))
    fireEvent.click(screen.getByRole('button', { name: 'Resume file-2.bin' }))
    fireEvent.click(screen.getByRole('button', { name: 'Try file-3.bin again' }))
    fireEvent.click(screen.getByRole('button', { name: 'Take file-3.bin off the list' }))
    expect(files.transferMessages.slice(1).map((message) => message.type)).toEqual([
      'transfers-pause',
      'transfers-resume',
      'transfers-resume',
      'transfers-forget',
    ])
  })
})
