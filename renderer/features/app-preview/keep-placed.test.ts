import { expect, it } from 'vitest'
import type { AppPreviewBounds } from '#ipc/app-preview'
import { keepPlaced } from './keep-placed.ts'

const at = (x: number): AppPreviewBounds => ({ x, y: 0, width: 100, height: 50 })

function setUp(capture: () => Promise<string | null> = async () => 'still') {
  const steps: string[] = []
  const held: (() => void)[] = []
  const state = { isHeld: false }
  const kept = keepPlaced({
    async place(bounds) {
      steps.push(bounds === null ? 'hide' : `show ${bounds.x}`)
      if (state.isHeld) await new Promise<void>((resolve) => held.push(resolve))
    },
    capture,
    async showStill(picture) {
      steps.push(picture ?? 'no still')
    },
  })
  /** Whatever can be done without anybody's answer is done. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
  return {
    ...{ kept, steps, state, settle },
    async answer() {
      held.shift()?.()
      await settle()
    },
  }
}

it('hides behind a still that is painted before, and comes back before that goes', async () => {
  const { kept, steps, settle } = setUp()
  kept.moved(at(1))
  await settle()
  kept.covered(true)
  await settle()
  kept.covered(false)
  await settle()
  expect(steps).toEqual(['show 1', 'no still', 'still', 'hide', 'show 1', 'no still'])
})

it('tells main the newest place once the last one was taken, and none twice', async () => {
  const { kept, steps, state, settle, answer } = setUp()
  state.isHeld = true
  for (const x of [1, 2, 3, 4]) kept.moved(at(x))
  await settle()
  await answer()
  await answer()
  kept.moved(at(4))
  await settle()
  expect(steps.filter((step) => step.startsWith('show'))).toEqual(['show 1', 'show 4'])
})

it('stays where it is when what lay over it is gone before there was a still', async () => {
  let give: (picture: string) => void = () => undefined
  const { kept, steps, settle } = setUp(() => new Promise((resolve) => (give = resolve)))
  kept.moved(at(1))
  await settle()
  kept.covered(true)
  await settle()
  kept.covered(false)
  give('late')
  await settle()
  expect(steps).not.toContain('hide')
  expect(steps.at(-1)).toBe('no still')
})

it('hides also without a still, and where it has no room', async () => {
  const { kept, steps, settle } = setUp(() => Promise.reject(new Error('none')))
  kept.moved(at(1))
  await settle()
  kept.covered(true)
  await settle()
  expect(steps.at(-1)).toBe('hide')
  kept.covered(false)
  await settle()
  kept.moved({ x: 1, y: 0, width: 0, height: 0 })
  await settle()
  expect(steps.at(-1)).toBe('hide')
})

it('hides at its end at once, and once its last step is done', async () => {
  const { kept, steps, state, settle, answer } = setUp()
  state.isHeld = true
  kept.moved(at(1))
  kept.end()
  kept.moved(at(2))
  await settle()
  await answer()
  await answer()
  expect(steps.filter((step) => /hide|show/.test(step))).toEqual(['show 1', 'hide'])
})
