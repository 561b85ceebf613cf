import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { workspaceAppSchema } from '#bridge/contract/workspace-apps'
import { agentsBridge, resetAgentsBeforeEach, sampleChatId, showAgents } from '../testing/agents-page.tsx'
import { sampleChat } from '../testing/chat-samples.ts'
import { failure } from '../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../testing/render-app.tsx'
import {
  sampleAgent,
  sampleBuild,
  sampleDeployment,
  sampleId,
  sampleWorkspace,
} from '../testing/wire-samples.ts'
import { chatPanelSlots, panelSlotsWithDebug } from './chat-panel-slots.tsx'

resetAgentsBeforeEach()

it.each([
  { code: 'not_found', isMine: false, title: 'The workspace is not shared with you' },
  { code: 'forbidden', isMine: false, title: 'The workspace is not shared with you' },
  { code: 'not_found', isMine: true, title: 'The workspace is not there' },
  { code: 'forbidden', isMine: true, title: 'The workspace is not there' },
  { code: 'deleted', isMine: true, title: 'The workspace is not there' },
  { code: 'deleted', isMine: false, title: 'The workspace is not there' },
  { code: 'unreachable', isMine: false, title: 'The workspace cannot be looked up' },
  { code: 'unreachable', isMine: true, title: 'The workspace cannot be looked up' },
  { code: 'signed_out', isMine: false, title: 'The workspace cannot be looked up' },
] as const)('after $code, mine: $isMine, says "$title"', async ({ code, isMine, title }) => {
  const fake = createQuietBridge()
  fake.feed('workspaces.watch', () => {
    throw failure<'workspaces.watch'>(code, 'So it is.')
  })
  renderPage(
    <>
      {chatPanelSlots.terminal?.render({
        deployment: sampleDeployment(),
        chat: sampleChat({ workspace_id: sampleId(2) }),
        isMine,
        hasDesktop: false,
        addReference: () => undefined,
        send: async () => undefined,
      })}
    </>,
    fake,
  )
  const { textContent } = await screen.findByRole('alert')
  expect(textContent).toContain(title)
  expect(textContent).toContain('So it is.')
})

it('shows what models were asked to the owner of a chat alone', () => {
  const chat = sampleChat()
  const isFor = panelSlotsWithDebug.debug?.isFor
  expect(isFor?.({ chat, isMine: true, hasDesktop: false })).toBe(true)
  expect(isFor?.({ chat, isMine: false, hasDesktop: false })).toBe(false)
  expect(chatPanelSlots.debug).toBeUndefined()
})

it('shows what a deployment says of the whole chat as it changes, and a tab for it only where it says something', async () => {
  const chat = sampleChat({ id: sampleChatId(1), title: 'Asks', summary: ' ' })
  const fake = agentsBridge([chat])
  const { actions, container } = showAgents(fake, chat.id, chatPanelSlots)
  fireEvent.click(await screen.findByRole('button', { name: 'Open the panel' }))
  expect(screen.queryByRole('tab', { name: 'Summary' })).toBeNull()

  const tell = (summary: string | null) => act(() => fake.push('chats.watchChat', { ...chat, summary }))
  tell(
    'The retries are **capped**, see [why](https://forge.test/7).\n\n![](https://evil.test/a.png)<img src=x>',
  )
  fireEvent.click(await screen.findByRole('tab', { name: 'Summary' }))
  const shown = screen.getByRole('region', { name: 'Summary of the chat' })
  expect(shown.querySelector('strong')?.textContent).toBe('capped')
  expect(container.querySelector('img')).toBeNull()
  expect(shown.textContent).toContain('<img src=x>')
  fireEvent.click(screen.getByRole('button', { name: 'why' }))
  expect(actions.openLink).toHaveBeenCalledWith('https://forge.test/7', 'content')

  tell('The limit is five.')
  await screen.findByText('The limit is five.')
  tell(null)
  await waitFor(() => expect(screen.queryByRole('tab', { name: 'Summary' })).toBeNull())
  expect(screen.getByRole('tab', { name: 'Cost' }).getAttribute('aria-selected')).toBe('true')
})

it('shows an app of the workspace in a tab of its own, kept by chat, and ends its page with the tab', async () => {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  )
  const chat = sampleChat({ id: sampleChatId(3), title: 'Done', workspace_id: sampleId(2) })
  const web = workspaceAppSchema.parse({
    ...{ id: sampleId(40), slug: 'web', url: 'http://localhost:3000', display_name: 'Web' },
  })
  const fake = agentsBridge([chat])
  const withApps = (apps: (typeof web)[]) =>
    sampleWorkspace({ latest_build: sampleBuild({}, [sampleAgent({ apps })]) })
  fake.feed('workspaces.watch', () => withApps([web]))
  fake.answer('appPreview.support', () => ({ isPossible: true }))
  fake.answer('appPreview.place', () => null)
  fake.answer('appPreview.close', () => null)
  fake.feed('appPreview.watchKeys', () => undefined)
  fake.feed('appPreview.watch', () => ({
    ...{ title: 'Shop', path: '/', canGoBack: false, canGoForward: false },
    ...{ isLoading: false, isReady: true, failure: null },
  }))
  const first = showAgents(fake, chat.id, chatPanelSlots)
  fireEvent.click(await screen.findByRole('button', { name: 'Open the panel' }))
  fireEvent.click(await screen.findByRole('tab', { name: 'Apps' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Show Web here' }))
  await screen.findByRole('group', { name: 'Page of Web' })
  expect(fake.inputsOf('appPreview.close')).toEqual([])
  first.unmount()

  showAgents(fake, chat.id, chatPanelSlots)
  await screen.findByRole('group', { name: 'Page of Web' })
  act(() => fake.push('workspaces.watch', withApps([])))
  await screen.findByText('Web is not there any more')
  fireEvent.keyDown(screen.getByRole('tab', { name: 'Web' }), { key: 'Delete' })
  await waitFor(() => expect(screen.queryByRole('tab', { name: 'Web' })).toBeNull())
  expect(screen.getByRole('tab', { name: 'Apps' }).getAttribute('aria-selected')).toBe('true')
  const place = { deploymentId: 'local', workspaceId: sampleId(2), slug: 'web' }
  await waitFor(() => expect(fake.inputsOf('appPreview.close')).toEqual([place]))
  vi.unstubAllGlobals()
})
