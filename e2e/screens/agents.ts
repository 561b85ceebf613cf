import type { Locator, Page } from '@playwright/test'

/** The page of chats with agents. */
export interface AgentsScreen {
  readonly message: Locator
  readonly send: Locator
  readonly transcript: Locator
  /** The list beside the conversation. */
  readonly list: Locator
  /** A card that asks before a call is run. */
  approval(words: string | RegExp): Locator
  /** Denies what such a card asks for, once it takes an answer, and says why. */
  deny(words: string, reason: string): Promise<void>
  chooseWorkspace(name: string): Promise<void>
  /** Shows the MCP servers to choose from. */
  openMcpPicker(): Promise<Locator>
  say(text: string): Promise<void>
  /** Types a command and chooses it from what is offered. */
  command(words: string): Promise<void>
  /** Opens the cards in sight, from the last one up, and leaves the end of the conversation in sight. */
  unfold(): Promise<void>
  /** How full the model's context is. */
  readonly contextUse: Locator
  openPanel(tab: string): Promise<void>
  /** What models were asked, in the panel. */
  readonly debug: Locator
  /** Has the next message, and those behind it, planned before anything is done. */
  planFirst(): Promise<void>
  /** The form in which a question of the agent is answered. */
  question(words: string): Locator
  /** What waits for the turn to end. */
  readonly queue: Locator
  readonly stop: Locator
  /** The search in the transcript. */
  readonly find: Locator
  /** Opens the chat of that title from the list. */
  open(title: string): Promise<void>
  newChat(): Promise<void>
  /** The chat of that title in the list. */
  chat(title: string): Locator
  /** The ways to the chat of a sub-agent, from the cards that have to do with it. */
  openChatOf(title: string): Locator
  /** Chooses from the menu of the chat that is open. */
  chooseAction(name: string): Promise<void>
}

/** The agents page of a window. */
export function agentsScreen(page: Page): AgentsScreen {
  const main = page.getByRole('main')
  const message = main.getByRole('textbox', { name: 'Message' })
  const chat = (title: string) =>
    page.getByRole('tree', { name: 'Chats' }).getByRole('treeitem', { name: title })
  const send = main.getByRole('button', { name: 'Send', exact: true })
  return {
    message,
    send,
    transcript: main.getByRole('region', { name: 'Transcript' }),
    debug: main.getByRole('tabpanel', { name: 'Debug' }),
    list: main.getByRole('complementary', { name: /Agents|Chats/ }),
    approval: (words) => main.getByRole('group', { name: words }),
    async deny(words, reason) {
      const card = main.getByRole('group', { name: words })
      // What is pressed as soon as the card shows was meant for something else.
      await card.getByRole('button', { name: 'Allow once', disabled: false }).waitFor()
      await card.getByRole('button', { name: 'Deny' }).click()
      await card.getByRole('textbox', { name: 'Why not' }).fill(reason)
      await page.keyboard.press('Enter')
    },
    async chooseWorkspace(name) {
      await main.getByRole('button', { name: /^Workspace:/ }).click()
      await page.getByRole('option', { name: new RegExp(name) }).click()
    },
    async openMcpPicker() {
      await main.getByRole('button', { name: /^MCP servers:/ }).click()
      return page.getByRole('dialog').filter({ has: page.getByRole('list', { name: 'MCP servers' }) })
    },
    async say(text) {
      await message.fill(text)
      await send.click()
    },
    async command(words) {
      await message.fill(words)
      await page.getByRole('option', { name: words }).click()
    },
    async unfold() {
      const folded = main.getByRole('region', { name: 'Transcript' }).getByRole('button', { expanded: false })
      for (let left = await folded.count(); left > 0; left -= 1) await folded.last().click()
    },
    contextUse: main.getByRole('button', { name: /^Context:/ }),
    async openPanel(tab) {
      const panel = page.getByRole('complementary', { name: 'What the agent works on' })
      if (!(await panel.isVisible())) await main.getByRole('button', { name: 'Open the panel' }).click()
      await panel.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
    },
    async planFirst() {
      await main.getByRole('button', { name: 'Attach, plan first, and more' }).click()
      await page.getByRole('menuitem', { name: 'Plan first' }).click()
    },
    question: (words) => main.getByRole('form', { name: words }),
    queue: main.getByRole('list', { name: 'Queue' }),
    stop: main.getByRole('button', { name: 'Stop the agent' }),
    find: main.getByRole('search'),
    open: async (title) => chat(title).click(),
    chat,
    openChatOf: (title) =>
      main.getByRole('region', { name: 'Transcript' }).getByRole('button', { name: `Open chat: ${title}` }),
    async newChat() {
      await page.getByRole('button', { name: 'New agent' }).first().click()
    },
    async chooseAction(name) {
      await main.getByRole('button', { name: 'More actions' }).first().click()
      await page.getByRole('menuitem', { name }).click()
    },
  }
}
