/** The apps that are shown inside of the window, so many at once, and what ends them. */
import type { AppPreviewTarget } from '#ipc/app-preview'
import type { Contract } from '#ipc/contract'
import { createEventQueue, type EventQueue } from '../../lib/event-queue.ts'
import { streamLatest } from '../../lib/live-value.ts'
import type { Windows } from '../../ports/windows.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { Deployments } from '../deployments/deployments.ts'
import { AppPreview, type AppPreviewDeps } from './app-preview.ts'
import { previewKey } from './preview-key.ts'

/** Processes of pages at once. The one that was seen longest ago goes to sleep. */
const maxAwake = 6
/** Between two things that are told of one page. */
const pauseMs = 40

export interface AppPreviewsDeps extends Omit<AppPreviewDeps, 'onKey'> {
  readonly windows: Pick<Windows, 'onPeer'>
  readonly deployments: Pick<Deployments, 'view' | 'connection'>
  readonly isPossible: (deploymentId: string, signal: AbortSignal) => Promise<boolean>
  /** The screen was locked. */
  readonly onLock: (listener: () => void) => () => void
}

export interface AppPreviewsFeature {
  readonly handlers: FeatureHandlers<Contract['appPreview']>
  /** From now on they end with their windows, their sessions and the lock of the screen. */
  start(): () => void
}

/** Makes it; nothing is open before a page asks. */
export function createAppPreviews(deps: AppPreviewsDeps): AppPreviewsFeature {
  const { deployments } = deps
  /** The one placed last at the end. */
  const entries = new Map<string, Entry>()
  const keys = createKeyListeners()
  const obtain = (target: AppPreviewTarget): Entry => {
    const key = previewKey(target)
    const known = entries.get(key)
    if (known) return known
    // Refused where the deployment is in no list.
    deployments.connection(target.deploymentId)
    const entry = { preview: new AppPreview(target, { ...deps, onKey: keys.tell }), watchers: 0 }
    entries.set(key, entry)
    return entry
  }
  const drop = (key: string): void => {
    const entry = entries.get(key)
    if (entry?.watchers === 0 && !entry.preview.isAwake) entries.delete(key)
  }
  const close = (key: string): void => {
    entries.get(key)?.preview.close()
    drop(key)
  }
  const closeAll = (fits: (preview: AppPreview) => boolean): void => {
    for (const [key, { preview }] of [...entries]) if (fits(preview)) close(key)
  }
  const moveToEnd = (target: AppPreviewTarget, entry: Entry): void => {
    const key = previewKey(target)
    entries.delete(key)
    entries.set(key, entry)
    const awake = [...entries.values()].filter(({ preview }) => preview.isAwake)
    for (const { preview } of awake.slice(0, Math.max(0, awake.length - maxAwake))) preview.sleep()
  }
  return {
    handlers: {
      async support({ deploymentId }, { signal }) {
        return { isPossible: await deps.isPossible(deploymentId, signal) }
      },
      async *watch(target, { signal }) {
        const entry = obtain(target)
        entry.watchers += 1
        try {
          for await (const state of streamLatest(entry.preview.state, signal)) {
            yield state
            await pause(deps.clock, signal)
          }
        } finally {
          entry.watchers -= 1
          drop(previewKey(target))
        }
      },
      async place({ bounds, ...target }, { windowId }) {
        if (bounds === null && !entries.has(previewKey(target))) return null
        const entry = obtain(target)
        entry.preview.place(bounds, windowId)
        if (bounds !== null) moveToEnd(target, entry)
        return null
      },
      async capture(target) {
        return { picture: (await entries.get(previewKey(target))?.preview.capture()) ?? null }
      },
      async act({ action, ...target }) {
        entries.get(previewKey(target))?.preview.act(action)
        return null
      },
      async close({ deploymentId, workspaceId, slug }) {
        closeAll(
          ({ target }) =>
            target.deploymentId === deploymentId &&
            target.workspaceId === workspaceId &&
            target.slug === slug,
        )
        return null
      },
      watchKeys: (_, { signal, windowId }) => keys.stream(windowId, signal),
    },
    start() {
      const stops = [
        deps.windows.onPeer((peer) => {
          if (peer.page.kind === 'app')
            peer.onClose(() => closeAll(({ windowId }) => windowId === peer.windowId))
        }),
        deps.onLock(() => closeAll(() => true)),
        closeWithSessions(deployments.view, closeAll),
      ]
      return () => {
        for (const stop of stops) stop()
        closeAll(() => true)
      }
    },
  }
}

/** A page can change its title as often as it likes; the window is not kept busy by it. */
async function pause(clock: AppPreviewsDeps['clock'], signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(pauseMs, done)
    signal.addEventListener('abort', done)
  })
}

interface Entry {
  readonly preview: AppPreview
  watchers: number
}

function closeWithSessions(
  view: Deployments['view'],
  closeAll: (fits: (preview: AppPreview) => boolean) => void,
): () => void {
  /** Who looked, by deployment: a page is not for who signs in next. */
  const users = new Map<string, string>()
  const look = (): void => {
    const { deployments } = view.get()
    closeAll(({ target }) => {
      const found = deployments.find(({ id }) => id === target.deploymentId)
      if (found === undefined || found.state.kind === 'signed_out') return true
      const before = users.get(found.id)
      return before !== undefined && found.user !== null && found.user.id !== before
    })
    for (const { id, user } of deployments) if (user !== null) users.set(id, user.id)
  }
  look()
  return view.onChange(look)
}

/** Keys to whoever listens in the window they were pressed in; nobody waits for yesterday's. */
function createKeyListeners() {
  type Pressed = { readonly key: 'leave' | 'close'; readonly target: AppPreviewTarget }
  const listeners = new Map<EventQueue<Pressed>, number>()
  return {
    tell(key: Pressed['key'], target: AppPreviewTarget, windowId: number): void {
      for (const [queue, listening] of listeners) if (listening === windowId) queue.push({ key, target })
    },
    async *stream(windowId: number, signal: AbortSignal): AsyncGenerator<Pressed, void> {
      const queue = createEventQueue<Pressed>(8)
      listeners.set(queue, windowId)
      try {
        yield* queue.stream(signal)
      } finally {
        listeners.delete(queue)
      }
    },
  }
}
