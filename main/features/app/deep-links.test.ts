import { afterEach, describe, expect, it } from 'vitest'
import { parseDeepLink } from '../../security/deep-link.ts'
import { startHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createDeepLinks } from './deep-links.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const linkTo = (host: string): string => `outpost://${host}/agents/${testUuid(7)}`

function setUp(answer: number | Promise<number> = 0) {
  const questions: { readonly message: string; readonly detail: string }[] = []
  const opened: (readonly [string, string])[] = []
  const links = createDeepLinks({
    desktop: {
      async ask(question) {
        questions.push(question)
        return answer
      },
    },
    parse: parseDeepLink,
    deployments: () => [
      { id: 'local', name: 'This machine', url: '' },
      { id: 'work', name: 'Work', url: 'https://coder.acme.test:8443/' },
    ],
    openChat: (deploymentId, chatId) => void opened.push([deploymentId, chatId]),
    openDesktop: (deploymentId, chatId) => void opened.push([deploymentId, `desktop of ${chatId}`]),
    logger: createRecordingLogger(),
  })
  return { links, questions, opened }
}

describe('a link into the app', () => {
  it('names the deployment, its host and the chat, and opens it when the user agrees', async () => {
    const { links, questions, opened } = setUp()
    await links.open(linkTo('coder.acme.test:8443'))
    expect(questions[0]?.message).toBe('Open a chat on Work?')
    expect(questions[0]?.detail).toContain('coder.acme.test:8443')
    expect(questions[0]?.detail).toContain(testUuid(7))
    expect(opened).toEqual([['work', testUuid(7)]])
  })

  it('asks the same before it opens the window of a desktop', async () => {
    const { links, questions, opened } = setUp()
    await links.open(`${linkTo('local')}/desktop`)
    expect(questions[0]?.message).toBe('Open the desktop of a chat on This machine?')
    expect(opened).toEqual([['local', `desktop of ${testUuid(7)}`]])
    const refused = setUp(1)
    await refused.links.open(`${linkTo('local')}/desktop`)
    expect(refused.opened).toEqual([])
  })

  it('opens nothing when the user does not agree', async () => {
    const { links, questions, opened } = setUp(1)
    await links.open(linkTo('local'))
    expect(questions[0]?.message).toBe('Open a chat on This machine?')
    expect(opened).toEqual([])
  })

  it.each(['coder.acme.test', 'evil.test', 'coder.acme.test:8443.evil.test'])(
    'to %s leads nowhere: it is in no list, and is not added to one',
    async (host) => {
      const { links, questions, opened } = setUp()
      await links.open(linkTo(host))
      expect(questions.map(({ message }) => message)).toEqual(
        host.includes(':') ? [] : [`${host} is not in your list of deployments`],
      )
      expect(opened).toEqual([])
    },
  )

  it('asks one question at a time, however fast links come', async () => {
    let answer: (button: number) => void = () => undefined
    const { links, questions, opened } = setUp(new Promise((resolve) => (answer = resolve)))
    const first = links.open(linkTo('local'))
    await links.open(linkTo('local'))
    await links.open(linkTo('evil.test'))
    expect(questions).toHaveLength(1)
    answer(0)
    await first
    expect(opened).toHaveLength(1)
    await links.open(linkTo('local'))
    expect(questions).toHaveLength(2)
  })

  it('that is not understood asks nothing', async () => {
    const { links, questions, opened } = setUp()
    await links.open('outpost://local/settings')
    expect([questions, opened]).toEqual([[], []])
  })
})

it('brings the window to the chat', async () => {
  const harness = await startHarness()
  closers.push(() => harness.close())
  const commands = harness.page.subscribe('app.watchCommands', {})
  harness.app.openLink(linkTo('local'))
  expect(await commands.next()).toEqual({ kind: 'open-chat', deploymentId: 'local', chatId: testUuid(7) })
  expect(harness.desktop.questions).toEqual([expect.stringMatching(/^Open a chat on /)])
  expect(harness.windows.shows).toBe(1)
})
