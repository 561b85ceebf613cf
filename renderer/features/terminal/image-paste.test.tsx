import { act, waitFor } from '@testing-library/react'
import { Suspense } from 'react'
import { beforeEach, expect, it } from 'vitest'
import { createFakeKit } from '../../testing/fake-editor-kit.ts'
import { createFakePort } from '../../testing/fake-port.ts'
import { createFakeScreen } from '../../testing/fake-screen.ts'
import { createFakeFiles, FilesRefusal } from '../../testing/file-samples.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleWorkspace } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { createFilesHost, FilesProvider } from '../files/index.ts'
import { createTerminalTabsStore } from './terminal-tabs-store.ts'
import { TerminalView } from './terminal-view.tsx'
import { TerminalsProvider, useTerminalTabs } from './terminals-context.tsx'
import { createTerminals } from './terminals.ts'

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47])

function Views() {
  return useTerminalTabs().tabs.map((tab) => <TerminalView key={tab.key} tab={tab} hasFocus />)
}

async function show(image: string | null) {
  const fake = createQuietBridge()
  fake.feed('workspaces.watch', () => sampleWorkspace())
  fake.answer('app.readClipboardImage', () => ({ png: image }))
  const files = createFakeFiles()
  files.answer('home', () => ({ path: '/home/o’brien' }))
  files.answer('make-folder', () => null)
  files.answer('save', ({ path }) => ({ version: { mtime: 1, size: 4, sha256: 'a'.repeat(64) }, path }))
  const port = createFakePort()
  const screen = createFakeScreen()
  const terminals = createTerminals({
    store: createTerminalTabsStore(localStorage),
    port: () => port,
    loadScreens: async () => () => screen,
    newId: () => crypto.randomUUID(),
  })
  const place = { deploymentId: 'local', workspaceId: sampleId(2), agentName: 'main' }
  terminals.open({ ...place, workspaceName: 'payments-api', agentId: sampleId(6), showAgent: false }, true)
  const host = createFilesHost({
    rpc: undefined as never,
    port: () => files.port,
    dropFiles: fake.bridge.dropFiles,
    loadKit: async () => createFakeKit(),
    newId: () => crypto.randomUUID(),
  })
  await act(async () => {
    renderPage(
      <FilesProvider host={host}>
        <TerminalsProvider terminals={terminals}>
          <Suspense>
            <Views />
          </Suspense>
        </TerminalsProvider>
      </FilesProvider>,
      fake,
    )
  })
  await waitFor(() => expect(port.sent.some(({ type }) => type === 'open')).toBe(true))
  return { fake, files, screen }
}

const toasts = () => useToasts.getState().toasts.map(({ title, detail }) => ({ title, detail }))

beforeEach(() => {
  localStorage.clear()
  useToasts.setState({ toasts: [] })
})

it('a pasted picture becomes a file of the workspace, and its path is typed as one word', async () => {
  const { files, screen } = await show(btoa(String.fromCharCode(...png)))
  await act(async () => screen.offerPaste(''))
  await waitFor(() => expect(screen.pasted).toHaveLength(1))
  expect(screen.pasted[0]).toMatch(
    /^'\/home\/o’brien\/\.cache\/outpost\/pasted-images\/\d{4}-\d\d-\d\dT[\d-]+Z\.png' $/,
  )
  expect(files.requestsOf('make-folder').map(({ path }) => path)).toEqual([
    '/home/o’brien/.cache',
    '/home/o’brien/.cache/outpost',
    '/home/o’brien/.cache/outpost/pasted-images',
  ])
  expect(files.requestsOf('save')).toMatchObject([{ bytes: png, base: null, force: false }])
  expect(toasts()).toEqual([])
})

it('folders that are there already are taken, and what keeps the picture out is told', async () => {
  const { files, screen } = await show(btoa('x'))
  files.answer('make-folder', () => {
    throw new FilesRefusal('exists', 'It is there already.')
  })
  files.answer('save', () => {
    throw new FilesRefusal('disk_full', 'The disk of the workspace is full.')
  })
  await act(async () => screen.offerPaste(''))
  await waitFor(() =>
    expect(toasts()).toEqual([
      { title: 'The picture is not pasted', detail: 'The disk of the workspace is full.' },
    ]),
  )
  expect(screen.pasted).toEqual([])
})

it('an empty clipboard pastes nothing, and text needs no look for a picture', async () => {
  const { fake, files, screen } = await show(null)
  await act(async () => screen.offerPaste(''))
  await waitFor(() => expect(fake.inputsOf('app.readClipboardImage')).toHaveLength(1))
  await act(async () => screen.offerPaste('ls'))
  expect(screen.pasted).toEqual(['ls'])
  expect(fake.inputsOf('app.readClipboardImage')).toHaveLength(1)
  expect(files.requests).toEqual([])
})
