import { describe, expect, it } from 'vitest'
import { contract } from '#ipc/contract'
import { sampleInput } from '../testing/sample-input.ts'
import { desktopPageUrl, mayCallFromDesktop } from './desktop-window.ts'
import { mayNavigate } from './navigation.ts'

const shown = { deploymentId: 'work', chatId: '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10' }

const procedures = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries(entries).map(([name, { input }]) => ({ name: `${feature}.${name}`, input })),
)

describe('the window of a desktop', () => {
  it('may make these calls of all there are, so that no new one slips in unseen', () => {
    const ofItsChat = procedures.filter(({ name, input }) =>
      mayCallFromDesktop(shown, name, { ...(sampleInput(input) as object), ...shown }),
    )
    expect(ofItsChat.map(({ name }) => name).sort()).toEqual([
      'app.reportError',
      'chats.watchChat',
      'desktopWindows.showChat',
      'desktopWindows.startWorkspace',
      'desktopWindows.watchPlace',
      'settings.watch',
      'workspaces.watch',
    ])
  })

  it('may ask of its own chat and deployment alone', () => {
    const other = { ...shown, chatId: '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d11' }
    for (const name of ['chats.watchChat', 'desktopWindows.showChat', 'desktopWindows.startWorkspace']) {
      expect(mayCallFromDesktop(shown, name, shown)).toBe(true)
      expect(mayCallFromDesktop(shown, name, other)).toBe(false)
      expect(mayCallFromDesktop(shown, name, { ...shown, deploymentId: 'local' })).toBe(false)
    }
    expect(mayCallFromDesktop(shown, 'workspaces.watch', { ...other, deploymentId: 'local' })).toBe(false)
  })

  it.each(['__proto__', 'constructor', 'toString', '', 'chats'])('has no call by the name %j', (name) => {
    expect(mayCallFromDesktop(shown, name, shown)).toBe(false)
  })

  it.each([undefined, null, 'work', 7])('makes none with %j', (input) => {
    expect(mayCallFromDesktop(shown, 'chats.watchChat', input)).toBe(false)
  })

  it('loads the page that every window loads', () => {
    const url = desktopPageUrl(shown)
    expect(url).toBe(`app://outpost/index.html#/desktop/work/${shown.chatId}`)
    expect(mayNavigate(url, true)).toBe(true)
    const odd = desktopPageUrl({ deploymentId: '../x?y#z', chatId: '"' })
    expect(odd).toBe('app://outpost/index.html#/desktop/..%2Fx%3Fy%23z/%22')
  })
})
