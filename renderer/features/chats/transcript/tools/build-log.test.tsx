import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { ChatMessagePart } from '#bridge/contract/chats-messages'
import { composedChatId, resetComposerBeforeEach, showComposer } from '../../../../testing/chat-composer.tsx'
import { sampleMessage } from '../../../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../../../testing/fake-bridge.ts'
import { sampleCall } from '../../../../testing/transcript-samples.tsx'
import { sampleBuild, sampleId, sampleJobLog, sampleWorkspace } from '../../../../testing/wire-samples.ts'

resetComposerBeforeEach()

const buildId = sampleId(7, 3)
const building = () =>
  sampleWorkspace({ latest_build: { ...sampleBuild({ id: buildId }), status: 'starting', resources: [] } })

const withCall = (parts: ChatMessagePart[], prepare?: (fake: FakeBridge) => void) => (fake: FakeBridge) => {
  fake.feed('workspaces.watch', building)
  fake.feed('chats.watchTranscript', () => ({
    kind: 'opened',
    messages: [sampleMessage(3, 'Go'), sampleMessage(4, '', { role: 'assistant', content: parts })],
    hasMore: false,
    queue: [],
  }))
  prepare?.(fake)
}

const chat = { workspace_id: sampleId(2), status: 'running' } as const

it('shows the log of a build while a workspace is made, and folds it once that is over', async () => {
  const { fake } = showComposer(
    { chat },
    withCall(sampleCall('create_workspace', { name: 'refunds' }), (main) =>
      main.feed('workspaces.followBuildLogs', () =>
        Array.from({ length: 700 }, (_, index) =>
          sampleJobLog(index + 1, 'Starting workspace', `line ${index}`),
        ),
      ),
    ),
  )
  await screen.findByText('Creating the workspace')
  act(() =>
    fake.push('chats.watchTranscript', {
      kind: 'events',
      events: [{ type: 'status', chat_id: composedChatId, status: { status: 'running' } }],
    }),
  )
  await screen.findByRole('region', { name: 'Build log' })
  expect(fake.inputsOf('workspaces.followBuildLogs')).toMatchObject([{ buildId }])
  await screen.findByText('The last 500 lines')
  act(() =>
    fake.push('chats.watchTranscript', {
      kind: 'events',
      events: [
        {
          type: 'message',
          chat_id: composedChatId,
          message: sampleMessage(5, '', {
            role: 'tool',
            content: sampleCall('create_workspace', {}, { created: true, build_id: buildId }).slice(1),
          }),
        },
      ],
    }),
  )
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Build log' })).toBeNull())
  fireEvent.click(screen.getByRole('button', { name: /Created the workspace/ }))
  await screen.findByRole('region', { name: 'Build log' })
})

it('says why the log cannot be read, and reads it again', async () => {
  const result = { started: true, workspace_name: 'refunds', build_id: buildId }
  const { fake } = showComposer(
    { chat },
    withCall(sampleCall('start_workspace', {}, result), (main) =>
      main.feed('workspaces.followBuildLogs', () => {
        throw failure('unreachable', 'coder.acme.dev does not answer.')
      }),
    ),
  )
  fireEvent.click(await screen.findByRole('button', { name: /Started the workspace/ }))
  await screen.findByText(/coder.acme.dev does not answer/)
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(fake.inputsOf('workspaces.followBuildLogs').length).toBe(2))
})

it('has no log of a build that only looks like one, and says that a quota kept it from being made', async () => {
  const quota = {
    ...{ error_code: 'quota', title: 'Quota', message: 'The quota of your group is used up.' },
    ...{ quota: { credits_consumed: 9, budget: 10 }, build_id: '../../else' },
  }
  showComposer({ chat }, withCall(sampleCall('create_workspace', {}, quota)))
  await screen.findByText('Creating the workspace')
  await screen.findByText('The quota of your group is used up.')
  await screen.findByText(/9 of 10 credits are used/)
  await screen.findByText('Failed')
  expect(screen.queryByRole('button', { name: /Creating the workspace/ })).toBeNull()
})
