import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { sampleChat } from '../testing/chat-samples.ts'
import { failure } from '../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../testing/render-app.tsx'
import { sampleDeployment, sampleId } from '../testing/wire-samples.ts'
import { chatPanelSlots, withDebug } from './chat-panel-slots.tsx'

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
  const { debug } = withDebug(sampleId(1))
  expect(debug?.isFor?.(sampleChat({ owner_id: sampleId(1) }))).toBe(true)
  expect(debug?.isFor?.(sampleChat({ owner_id: sampleId(7) }))).toBe(false)
  expect(chatPanelSlots.debug).toBeUndefined()
})
