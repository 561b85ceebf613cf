import type { Page } from '@playwright/test'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { type Look, keepScreenshot, looks, wearLook } from '../fixtures/keep-screenshot.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { visitEveryPage } from '../screens/every-page.ts'
import { frame } from '../screens/frame.ts'
import { paletteScreen } from '../screens/palette.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen } from '../screens/workspace.ts'

const allLooks = Object.keys(looks) as readonly Look[]

/** Whatever is wider than the window is cut off or needs scrolling sideways. */
async function fitsWindow(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
}

test('every page is free of barriers in every look, and fits a small window', async ({ outpost }) => {
  test.setTimeout(480_000)
  const running = await outpost.launch()
  const { window } = running
  await visitEveryPage(window, async (name) => {
    for (const look of allLooks) {
      await wearLook(window, look)
      await keepScreenshot(window, `${name}-${look}`)
      expect.soft(await findBarriers(window), `${name} in ${look}`).toEqual([])
    }
    await wearLook(window, 'dark')
    await resizeWindow(running, 900, 600)
    await keepScreenshot(window, `${name}-small`)
    expect.soft(await fitsWindow(window), `${name} in a small window`).toBe(true)
    await resizeWindow(running, 1280, 800)
  })
})

test.describe('With a locked keychain', () => {
  test.use({ keyringState: 'locked' })

  test('the first page is free of barriers too', async ({ window }) => {
    await expect(frame(window).notice('The system keychain is locked')).toBeVisible()
    await expect(frame(window).deployment).toHaveAccessibleName(/Connected/)
    for (const look of allLooks) {
      await wearLook(window, look)
      await keepScreenshot(window, `keychain-locked-${look}`)
      expect.soft(await findBarriers(window), look).toEqual([])
    }
  })
})

test('the whole journey works by keyboard alone, and the focus is always seen', async ({ window }) => {
  const { keyboard } = window
  const workspace = workspaceScreen(window)
  const terminals = terminalsScreen(window)
  await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)

  await paletteScreen(window).run('New workspace from Plain shell')
  await expect(window.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
  await keyboard.press('Control+a')
  await keyboard.type('by-keys')
  await keyboard.press('Enter')
  const openTerminal = window.getByRole('main').getByRole('button', { name: 'Open terminal' })
  await openTerminal.waitFor({ timeout: 30_000 })
  await expect(async () => {
    await keyboard.press('Tab')
    await expect(openTerminal).toBeFocused({ timeout: 50 })
  }).toPass({ intervals: [50] })
  await keyboard.press('Enter')

  await expect(terminals.input).toBeFocused()
  await terminals.prompt.waitFor()
  await keyboard.type('echo typed-$((1+1))')
  await keyboard.press('Enter')
  await expect(terminals.lines).toContainText('typed-2')
  await keyboard.press('Control+`')
  await expect(terminals.drawer).toBeHidden()

  await paletteScreen(window).run('Stop by-keys')
  await expect(workspace.state('Stopped')).toBeVisible({ timeout: 30_000 })

  await test.step('each stop of the Tab key shows where it is', async () => {
    const unseen = new Set<string>()
    for (let stop = 0; stop < 25; stop += 1) {
      await keyboard.press('Tab')
      const hidden = await window.evaluate(() => {
        const element = document.activeElement
        if (element === null || element === document.body) return undefined
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
        const isSeen = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
        return isSeen ? undefined : element.outerHTML.slice(0, 120)
      })
      if (hidden !== undefined) unseen.add(hidden)
    }
    expect([...unseen]).toEqual([])
  })
})
