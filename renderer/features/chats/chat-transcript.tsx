import type { ChatMessage, ChatQueuedMessage } from '#bridge/contract/chats-messages'
import type { BridgeError } from '../../api/bridge-error.ts'
import { DisplayModesContext, useDisplayModes, type DisplayModes } from '../own-agents/index.ts'
import { Transcript } from './transcript/transcript.tsx'
import type { TranscriptActions } from './transcript/transcript-actions.ts'
import { useTranscript, type LiveTranscript } from './transcript/use-transcript.ts'

/** What the page around the conversation needs to know of it. */
export interface ChatTranscript {
  readonly isLoading: boolean
  readonly messages: readonly ChatMessage[]
  readonly hasMore: boolean
  readonly queue: readonly ChatQueuedMessage[]
  readonly status: string | undefined
  /** Why nothing more comes. What was said stays. */
  readonly failure: BridgeError | undefined
  /** That message and all later ones are gone, up to the new one that takes its place. */
  readonly forgetReplaced: (messageId: number, newId: number) => void
  readonly live: LiveTranscript
  readonly display: DisplayModes
}

/** What is said in a chat, live. */
export function useChatTranscript(deploymentId: string, chatId: string): ChatTranscript {
  const live = useTranscript(deploymentId, chatId)
  const display = useDisplayModes(deploymentId)
  const { state, failure, forgetReplaced } = live
  return {
    isLoading: state.phase === 'loading' && failure === undefined,
    messages: state.messages,
    hasMore: state.hasMore,
    queue: state.queue,
    status: state.status,
    failure,
    forgetReplaced,
    live,
    display,
  }
}

export interface ChatTranscriptViewProps {
  readonly place: string
  readonly transcript: ChatTranscript
  readonly said: number
  readonly isQueued: boolean
  readonly actions: TranscriptActions
}

/** The conversation, and whether it is still followed. */
export function ChatTranscriptView({ place, transcript, said, isQueued, actions }: ChatTranscriptViewProps) {
  const { state, failure, older, retry, loadOlder } = transcript.live
  return (
    <DisplayModesContext value={transcript.display}>
      <Transcript
        {...actions}
        place={place}
        state={state}
        said={said}
        isQueued={isQueued}
        failure={failure}
        older={older}
        onLoadOlder={loadOlder}
        onRetry={retry}
      />
    </DisplayModesContext>
  )
}
