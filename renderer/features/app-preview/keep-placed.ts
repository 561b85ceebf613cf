import type { AppPreviewBounds } from '#ipc/app-preview'

export interface KeepPlacedInput {
  /** Null: hidden. */
  readonly place: (bounds: AppPreviewBounds | null) => Promise<unknown>
  readonly capture: () => Promise<string | null>
  /** Resolves once it is painted. Null takes it away. */
  readonly showStill: (picture: string | null) => Promise<void>
}

export interface KeptPlace {
  moved(to: AppPreviewBounds): void
  covered(isCovered: boolean): void
  end(): void
}

/**
 * Keeps a view, which lies over everything of the window, where its place in the page is, and out of the way of what lies
 * over that: then a still of it stands there. One step at a time, and the newest wish always wins.
 */
export function keepPlaced({ place, capture, showStill }: KeepPlacedInput): KeptPlace {
  let bounds: AppPreviewBounds | null = null
  let isCovered = false
  let isEnded = false
  let isBusy = false
  /** What main was told last. */
  let told: AppPreviewBounds | null = null

  const wanted = (): AppPreviewBounds | null =>
    isCovered || isEnded || bounds === null || bounds.width < 1 || bounds.height < 1 ? null : bounds
  const step = async (): Promise<void> => {
    const next = wanted()
    if (next === null && !isEnded && told !== null) {
      const picture = await capture().catch(() => null)
      await showStill(picture)
      if (wanted() !== null) {
        await showStill(null)
        return
      }
    }
    await place(next)
    told = next
    if (next !== null) await showStill(null)
  }
  const run = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    try {
      while (!isSame(told, wanted())) await step()
    } catch {
      // Main says by the page's state what is wrong with it; the next change tries again.
    } finally {
      isBusy = false
    }
  }
  return {
    moved(to) {
      bounds = to
      void run()
    },
    covered(next) {
      isCovered = next
      void run()
    },
    end() {
      isEnded = true
      void run()
    },
  }
}

function isSame(one: AppPreviewBounds | null, other: AppPreviewBounds | null): boolean {
  if (one === null || other === null) return one === other
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height
}
