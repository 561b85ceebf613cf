import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useApi } from '../../../api/api-context.tsx'
import {
  createTranscriptStore,
  type TranscriptPorts,
  type TranscriptSnapshot,
  type TranscriptStore,
} from './transcript-store.ts'

export type LiveTranscript = TranscriptSnapshot &
  Pick<TranscriptStore, 'retry' | 'loadOlder' | 'forgetReplaced'>

const windowPorts: TranscriptPorts = {
  nextFrame: (run) => {
    const id = requestAnimationFrame(run)
    return () => cancelAnimationFrame(id)
  },
  later: (ms, run) => {
    const id = setTimeout(run, ms)
    return () => clearTimeout(id)
  },
}

/** What is said in a chat, live. The last state stays while the connection is lost. */
export function useTranscript(deploymentId: string, chatId: string): LiveTranscript {
  const { client } = useApi()
  const store = useMemo(
    () => createTranscriptStore(client, { deploymentId, chatId }, windowPorts),
    [client, deploymentId, chatId],
  )
  useEffect(() => store.start(), [store])
  const snapshot = useSyncExternalStore(store.subscribe, store.read)
  return { ...snapshot, retry: store.retry, loadOlder: store.loadOlder, forgetReplaced: store.forgetReplaced }
}
