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
import { afterTokens, costOfToken, openedWith, watchFrames } from './transcript-bench.ts'
import { toolScenes } from './tool-scenes.ts'
import { LiveTranscript } from './transcript-live.tsx'
import { samplePicture, samplePlan, transcriptScenes } from './transcript-samples.ts'

const query = new URLSearchParams(location.search)
const scene = query.get('scene') ?? 'mock'
const isBench = scene === 'bench' || scene === 'hour'
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

/**
 * The transcript of a chat: `?page=transcript&scene=all`. `scene=bench` streams 200 tokens a second for 10 s; `scene=hour` has a
 * function on the page, `streamTokens(count)`, that streams as fast as frames come.
 */
export function TranscriptPage() {
  useKeyMapRoot()
  const [state, setState] = useState(firstState)
  const [figures, setFigures] = useState('')
  useEffect(() => {
    if (scene === 'hour') return offerTokens(setState)
    return isBench ? bench(setState, setFigures) : undefined
  }, [])
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

/** Of one answer, which is not saved meanwhile. */
const tokens = 1999
const tokenMs = 5

type Change = (change: (state: TranscriptState) => TranscriptState) => void

/** Two seconds' worth of tokens a frame: an hour takes half a minute. */
const tokensOfFrame = 400

function offerTokens(setState: Change): () => void {
  let told = 0
  let isOver = false
  const stream = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const end = told + count
      const step = (): void => {
        const [from, to] = [told, Math.min(end, told + tokensOfFrame)]
        told = to
        setState((state) => afterTokens(state, { from, to }))
        if (told < end && !isOver) requestAnimationFrame(step)
        else resolve()
      }
      requestAnimationFrame(step)
    })
  Object.assign(globalThis, { streamTokens: stream })
  return () => {
    isOver = true
  }
}

function bench(setState: Change, setFigures: (text: string) => void): () => void {
  let told = 0
  let [pending, began] = [0, 0]
  let end: (() => ReturnType<ReturnType<typeof watchFrames>>) | undefined
  const timer = setInterval(() => {
    end ??= watchFrames()
    began ||= performance.now()
    pending = Math.min(tokens, Math.floor((performance.now() - began) / tokenMs))
    const [from, to] = [told, pending]
    told = to
    setState((state) => afterTokens(state, { from, to }))
    if (told < tokens) return
    clearInterval(timer)
    const frames = end()
    const cost = [10, count].map(costOfToken)
    setFigures(JSON.stringify({ ...frames, cost }))
  }, 16)
  return () => clearInterval(timer)
}
