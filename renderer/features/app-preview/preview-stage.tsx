import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { AppPreviewTarget } from '#ipc/app-preview'
import { useApi } from '../../api/api-context.tsx'
import { watchCover } from '../../lib/watch-cover.ts'
import { watchRectangle } from '../../lib/watch-rectangle.ts'
import { keepPlaced } from './keep-placed.ts'

/** Longer, and a menu would be opened behind the page. */
const stillMs = 400

export interface PreviewStageProps {
  readonly target: AppPreviewTarget
  /** What stands there until there is a page. */
  readonly children: ReactNode
}

/** The place in the window that main lays the page over. */
export function PreviewStage({ target, children }: PreviewStageProps) {
  const { client } = useApi()
  const stage = useRef<HTMLDivElement>(null)
  const [still, setStill] = useState<string | null>(null)
  // The target is written in place; its text says whether it is another one.
  const key = JSON.stringify(target)
  useEffect(() => {
    const element = stage.current
    if (element === null) return undefined
    const place = JSON.parse(key) as AppPreviewTarget
    const kept = keepPlaced({
      place: (bounds) => client.call('appPreview.place', { ...place, bounds }),
      capture: () => withinTime(client.call('appPreview.capture', place).then(({ picture }) => picture)),
      async showStill(picture) {
        if (picture !== null) await decoded(picture)
        setStill(picture)
        if (picture !== null) await painted()
      },
    })
    const stops = [watchCover(element, kept.covered), watchRectangle(element, kept.moved), kept.end]
    return () => {
      for (const stop of stops) stop()
    }
  }, [client, key])
  return (
    <div ref={stage} data-preview-stage className="relative min-h-0 flex-1 overflow-hidden">
      {still === null ? children : <img src={still} alt="" className="absolute inset-0 size-full" />}
    </div>
  )
}

/** What is not painted gives no still, and what lies over the page is not kept waiting for one. */
async function withinTime(picture: Promise<string | null>): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), stillMs)
  })
  return Promise.race([picture, late]).finally(() => clearTimeout(timer))
}

async function decoded(picture: string): Promise<void> {
  const image = new Image()
  image.src = picture
  await image.decode().catch(() => undefined)
}

async function painted(): Promise<void> {
  await new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
}
