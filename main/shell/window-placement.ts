/** Remembers where the window was, and puts it back where a screen still is. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { WindowPlacement } from '../security/window-options.ts'

const placementSchema = z.object({
  width: z.int().min(640).max(20_000),
  height: z.int().min(480).max(20_000),
  x: z.int(),
  y: z.int(),
})

const standard: WindowPlacement = { width: 1280, height: 800 }

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The stored placement when at least its title bar lies on one of `screens`; else the standard size, centred. */
export function usablePlacement(stored: unknown, screens: readonly Area[]): WindowPlacement {
  const parsed = placementSchema.safeParse(stored)
  if (!parsed.success) return standard
  const { x, y, width, height } = parsed.data
  const visible = screens.some(
    (screen) =>
      x + width > screen.x + 80 &&
      x < screen.x + screen.width - 80 &&
      y >= screen.y &&
      y < screen.y + screen.height - 40,
  )
  return visible ? { x, y, width, height } : { width, height }
}

/** Aside by this much, a window over another one shows that there are two. */
const step = 32

/** The same place, or one beside it where a window of the same kind lies there. */
export function besideOthers(
  placement: WindowPlacement,
  others: readonly Pick<Area, 'x' | 'y'>[],
): WindowPlacement {
  const { x, y } = placement
  if (x === undefined || y === undefined) return placement
  let moved = { ...placement, x, y }
  while (others.some((other) => other.x === moved.x && other.y === moved.y))
    moved = { ...moved, x: moved.x + step, y: moved.y + step }
  return moved
}

/** Read before the first window, so it is synchronous; a missing or broken file only costs the position. */
export function readPlacement(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Atomic; a full disk must not keep a window from closing, so failure is the caller's to log. */
export function writePlacement(file: string, placement: Area): void {
  writeFileSync(`${file}.new`, JSON.stringify(placement), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
