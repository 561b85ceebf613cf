import { useEffect, useState } from 'react'
import { ApiProvider } from '../api/api-context.tsx'
import { createApi } from '../api/create-api.ts'
import type { TranscriptActions } from '../features/chats/transcript/transcript-actions.ts'
import { Transcript } from '../features/chats/transcript/transcript.tsx'
import { useTranscript } from '../features/chats/transcript/use-transcript.ts'
import { createFakeBridge } from '../testing/fake-bridge.ts'
import { tokenAt } from './transcript-bench.ts'
import { longChat } from './transcript-samples.ts'

const chatId = '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10'
const tokenMs = 5

/** A chat that is followed as in the app, while its answer is written: `scene=live`. */
export function LiveTranscript({ actions }: { readonly actions: TranscriptActions }) {
  const [fake] = useState(() => {
    const made = createFakeBridge()
    made.feed('chats.watchTranscript', () => ({
      kind: 'opened',
      messages: longChat(200),
      hasMore: false,
      queue: [],
    }))
    return made
  })
  const [api] = useState(() => createApi(fake.bridge))
  useEffect(() => {
    let told = 0
    const timer = setInterval(() => fake.push('chats.watchTranscript', tokenAt(told++)), tokenMs)
    return () => clearInterval(timer)
  }, [fake])
  return (
    <ApiProvider api={api}>
      <Followed actions={actions} />
    </ApiProvider>
  )
}

function Followed({ actions }: { readonly actions: TranscriptActions }) {
  const live = useTranscript('acme', chatId)
  return (
    <Transcript
      {...actions}
      place={chatId}
      state={live.state}
      failure={live.failure}
      older={live.older}
      onLoadOlder={live.loadOlder}
      onRetry={live.retry}
    />
  )
}
