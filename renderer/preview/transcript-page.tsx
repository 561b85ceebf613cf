import { useEffect, useState } from 'react'
import type { TranscriptActions } from '../features/chats/transcript/transcript-actions.ts'
import { Transcript } from '../features/chats/transcript/transcript.tsx'
import {
  applyUpdate,
  emptyTranscript,
  type TranscriptState,
} from '../features/chats/transcript/transcript-state.ts'
import { classNames } from '../lib/class-names.ts'
import { useKeyMapRoot } from '../lib/keyboard/key-map.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { costOfToken, openedWith, tokenAt, watchFrames } from './transcript-bench.ts'
import { toolScenes } from './tool-scenes.ts'
import { LiveTranscript } from './transcript-live.tsx'
import { samplePicture, samplePlan, transcriptScenes } from './transcript-samples.ts'

const query = new URLSearchParams(location.search)
const scene = query.get('scene') ?? 'mock'
const isBench = scene === 'bench'
const count = Number(query.get('messages') ?? 10_000)

const none = (): void => undefined
const serverNames = new Map([['docs', 'Docs']])
const loadFile = async (id: string) =>
  id === 'plan'
    ? { mediaType: 'text/markdown', data: btoa(samplePlan) }
    : { mediaType: 'image/png', data: samplePicture }

const actions: TranscriptActions = {
  onOpenLink: none,
  onEdit: none,
  onOpenFile: none,
  onOpenDiff: none,
  onDecide: async () => undefined,
  hasWorkspace: true,
  onAnswer: async () => undefined,
  onImplementPlan: async () => undefined,
  onAskForChanges: none,
  onOpenChat: none,
  saveFile: async () => undefined,
  loadFile,
  serverNames,
}

function firstState(): TranscriptState {
  if (isBench) return openedWith(count)
  return (transcriptScenes[scene]?.() ?? []).reduce(applyUpdate, emptyTranscript)
}

/** The transcript of a chat: `?page=transcript&scene=all`. `scene=bench` streams 200 tokens a second for 10 s. */
export function TranscriptPage() {
  useKeyMapRoot()
  const [state, setState] = useState(firstState)
  const [figures, setFigures] = useState('')
  useEffect(() => (isBench ? bench(setState, setFigures) : undefined), [])
  return (
    <TooltipProvider>
      <main className="grid h-full grid-cols-[minmax(0,1fr)] bg-page">
        <div
          className={classNames(
            'mx-auto flex h-full min-h-0 w-full flex-col border-x border-line',
            // As wide as in the mock; the tools are shown at any width.
            !(scene in toolScenes) && 'max-w-[596px]',
          )}
        >
          {scene === 'live' ? (
            <LiveTranscript actions={actions} />
          ) : (
            <Transcript {...actions} place="preview" state={state} onLoadOlder={none} />
          )}
          {isBench ? (
            <pre id="figures" className="code-text">
              {figures}
            </pre>
          ) : null}
        </div>
      </main>
    </TooltipProvider>
  )
}

const tokens = 2000
const tokenMs = 5

function bench(
  setState: (change: (state: TranscriptState) => TranscriptState) => void,
  setFigures: (text: string) => void,
): () => void {
  let told = 0
  let [pending, began] = [0, 0]
  let end: (() => ReturnType<ReturnType<typeof watchFrames>>) | undefined
  const timer = setInterval(() => {
    end ??= watchFrames()
    began ||= performance.now()
    pending = Math.min(tokens, Math.floor((performance.now() - began) / tokenMs))
    const [from, to] = [told, pending]
    told = to
    setState((state) => {
      let next = state
      for (let index = from; index < to; index += 1) next = applyUpdate(next, tokenAt(index))
      return next
    })
    if (told < tokens) return
    clearInterval(timer)
    const frames = end()
    const cost = [10, count].map((size) => `${size}: ${costOfToken(size).toFixed(2)} µs`)
    setFigures(JSON.stringify({ ...frames, cost }))
  }, 16)
  return () => clearInterval(timer)
}
