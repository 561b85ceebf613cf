import type { Locator, Page } from '@playwright/test'

/** Dictation in the settings and beside a message. */
export interface DictationScreen {
  readonly address: Locator
  readonly key: Locator
  readonly language: Locator
  readonly test: Locator
  readonly turnOn: Locator
  readonly turnOff: Locator
  /** Begins and ends. */
  readonly microphone: Locator
  /** What tells how it is with what is said. */
  readonly strip: Locator
  readonly failure: Locator
  /** Of what is recorded so far. */
  readonly clock: Locator
  /** Goes to the settings from the menu beside a message. */
  fromMenu(): Promise<void>
}

/** Dictation in a window. */
export function dictationScreen(page: Page): DictationScreen {
  const main = page.getByRole('main')
  const strip = main.getByRole('group', { name: 'Dictation' })
  return {
    address: main.getByRole('textbox', { name: 'Address' }),
    key: main.getByLabel('Key', { exact: true }),
    language: main.getByRole('textbox', { name: 'Language' }),
    test: main.getByRole('button', { name: 'Test' }),
    turnOn: main.getByRole('button', { name: 'Turn on' }),
    turnOff: main.getByRole('button', { name: 'Turn off' }),
    microphone: main.getByRole('button', { name: /^(?:Dictate|End the dictation)$/ }),
    strip,
    failure: main.getByRole('alert'),
    clock: strip.getByRole('timer'),
    async fromMenu() {
      await main.getByRole('button', { name: 'Attach, plan first, and more' }).click()
      await page.getByRole('menuitem', { name: 'Dictation…' }).click()
    },
  }
}
