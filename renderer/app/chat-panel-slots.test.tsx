import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { sampleChat } from '../testing/chat-samples.ts'
import { failure } from '../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../testing/render-app.tsx'
import { sampleDeployment, sampleId } from '../testing/wire-samples.ts'
import { chatPanelSlots, panelSlotsWithDebug } from './chat-panel-slots.tsx'

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
