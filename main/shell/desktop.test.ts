import { expect, it, vi } from 'vitest'

const recording = await vi.hoisted(async () => {
  const { createRecordingElectron } = await import('../testing/recording-electron.ts')
  return createRecordingElectron()
})
vi.mock('electron', () => recording.electron)
const { createDesktop } = await import('./desktop.ts')
const desktop = createDesktop({ setTheme: () => undefined, appImage: undefined })

it('shows no markup of a server in a notification', () => {
  desktop.notify({
    title: 'a\u202Eb',
    body: '<a href="https://evil.example">Sign in</a>',
    onClick: () => undefined,
  })
  expect(recording.calls.find(({ name }) => name === 'notification')?.args).toEqual([
    { title: 'a b', body: '‹a href="https://evil.example"›Sign in‹/a›' },
  ])
})

it('asks with "no" as the answer that Enter and Escape give', async () => {
  const question = { message: 'Open x?', detail: 'https://x', buttons: ['Open', 'Cancel'], cancel: 1 }
  expect(await desktop.ask(question)).toBe(1)
  expect(recording.calls.find(({ name }) => name === 'showMessageBox')?.args).toMatchObject([
    { cancelId: 1, defaultId: 1, noLink: true },
  ])
})

it('lets the user choose one file, and hands on nothing else', async () => {
  expect(await desktop.chooseOpenPath('Choose the CA file')).toBe('/chosen.pem')
  expect(recording.calls.find(({ name }) => name === 'showOpenDialog')?.args).toMatchObject([
    { title: 'Choose the CA file', properties: ['openFile', 'showHiddenFiles'] },
  ])
})

it('asks the system how an address is reached', async () => {
  const { createSystemProxy } = await import('./system-proxy.ts')
  expect(await createSystemProxy().resolve('https://coder.example.com')).toBe('PROXY a.example:3128')
  expect(recording.calls.find(({ name }) => name === 'resolveProxy')?.args).toEqual([
    'https://coder.example.com',
  ])
})
