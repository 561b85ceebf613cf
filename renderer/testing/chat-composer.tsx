/** The box where messages of a chat are written, on its page. */
import { fireEvent, screen } from '@testing-library/react'
import { beforeEach, vi } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import type { ChatQueuedMessage } from '#bridge/contract/chats-messages'
import { AgentsPage } from '../features/chats/agents-page.tsx'
import { lastChoices } from '../features/chats/composer/chat-model.ts'
import { draftPlace, drafts } from '../features/chats/composer/draft-store.ts'
import { emptyDraft } from '../features/chats/composer/draft.ts'
import { windowSendKey } from '../features/own-agents/index.ts'
import { ToastHost } from '../ui/toast-host.tsx'
import { useToasts } from '../ui/toast-store.ts'
import { sampleChat, sampleMessage } from './chat-samples.ts'
import type { FakeBridge } from './fake-bridge.ts'
import { createQuietBridge, renderPage } from './render-app.tsx'
import { sampleDeployment, sampleId, sampleWorkspace } from './wire-samples.ts'

/** The chat whose composer is shown, and where what is written there is kept. */
export const composedChatId = sampleId(30, 1)
export const composedPlace = draftPlace('local', composedChatId)

/** Before each test of the file: nothing written, chosen or told. */
export function resetComposerBeforeEach(): void {
  beforeEach(() => {
    localStorage.clear()
    useToasts.setState({ toasts: [] })
    lastChoices.set({})
    windowSendKey.set('enter')
    // Rows are drawn where they can be seen, so the list needs a height.
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(2000)
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(2000)
    for (const suffix of ['', '.edit-3', '.queued-9']) {
      drafts.change(`${composedPlace}${suffix}`, () => emptyDraft)
    }
    drafts.change(draftPlace('local', undefined), () => emptyDraft)
  })
}

interface Setup {
  readonly chat?: Partial<Chat>
  readonly queue?: ChatQueuedMessage[]
  readonly isNew?: boolean
}

/** The composer of a chat between messages 3 and 4, or of a new one. */
export function showComposer(
  { chat = {}, queue = [], isNew = false }: Setup = {},
  prepare?: (fake: FakeBridge) => void,
) {
  const fake = createQuietBridge()
  const shown = sampleChat({ id: composedChatId, ...chat })
  fake.answer('chats.support', () => ({ chats: 'ready', approvals: true, desktop: false }))
  fake.feed('chats.watchList', ({ q }) => ({
    chats: q.includes('shared_with_me') ? [] : [shown],
    hasMore: false,
  }))
  fake.feed('chats.watchChat', () => shown)
  fake.feed('chats.watchTranscript', () => ({
    kind: 'opened',
    messages: [sampleMessage(3, 'Before'), sampleMessage(4, 'Since', { role: 'assistant' })],
    hasMore: false,
    queue,
  }))
  fake.feed('workspaces.watch', () => sampleWorkspace())
  fake.feed('workspaces.watchList', () => ({ workspaces: [sampleWorkspace()], count: 1 }))
  fake.answer('chats.send', () => ({ queued: false, warnings: [] }))
  fake.answer('chats.interrupt', () => null)
  fake.answer('chats.update', () => null)
  fake.answer('chats.deleteQueued', () => null)
  fake.answer('chats.promoteQueued', () => null)
  fake.answer('chats.create', () => shown)
  prepare?.(fake)
  const rendered = renderPage(
    <>
      <AgentsPage deployment={sampleDeployment()} chatId={isNew ? undefined : composedChatId} />
      <ToastHost />
    </>,
    fake,
  )
  return { fake, ...rendered }
}

/** An answer that comes when the test says so. */
export function answerLater<T>() {
  let settle: { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void } | undefined
  const answer = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return {
    answer,
    resolve: (value: T) => settle?.resolve(value),
    reject: (error: Error) => settle?.reject(error),
  }
}

export const messageBox = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })

export const writeMessage = async (text: string): Promise<HTMLTextAreaElement> => {
  const field = await messageBox()
  fireEvent.change(field, { target: { value: text, selectionStart: text.length, selectionEnd: text.length } })
  return field
}
