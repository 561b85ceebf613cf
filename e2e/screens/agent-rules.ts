import type { Locator, Page } from '@playwright/test'

/** What an administrator decides for all agents, in the settings of models. */
export interface AgentRulesScreen {
  readonly instructions: Locator
  readonly planning: Locator
  readonly templates: Locator
  /** How often an agent may ask the advisor in a turn. */
  readonly advisorUses: Locator
  template(name: string): Locator
  /** The amount of a time limit, by its words. */
  time(words: string): Locator
  /** Presses what saves, by its words. */
  save(words: string): Promise<void>
  onlyChosenTemplates(): Promise<void>
}

/** Those settings of a window. */
export function agentRulesScreen(page: Page): AgentRulesScreen {
  const main = page.getByRole('main')
  const templates = main.getByRole('list', { name: 'Templates' })
  return {
    instructions: main.getByRole('textbox', { name: 'For every chat' }),
    planning: main.getByRole('textbox', { name: 'While planning' }),
    templates,
    advisorUses: main.getByRole('textbox', { name: 'Uses in a turn' }),
    template: (name) => templates.getByRole('checkbox', { name }),
    time: (words) => main.getByRole('textbox', { name: words }),
    save: (words) => main.getByRole('button', { name: words, exact: true }).click(),
    onlyChosenTemplates: () => main.getByRole('radio', { name: /^Only chosen ones/ }).click(),
  }
}
