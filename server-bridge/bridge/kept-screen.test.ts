import headless from '@xterm/headless'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../lib/clock.ts'
import { zeroWidthPerCell } from './zero-width-limit.ts'
import { createKeptScreen, type KeptScreen } from './kept-screen.ts'

const size = { cols: 40, rows: 8 }
const open: { dispose(): void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.dispose()
})

function keep(): KeptScreen {
  const screen = createKeptScreen(systemClock, size)
  open.push(screen)
  return screen
}

function newTerminal(): headless.Terminal {
  const terminal = new headless.Terminal({
    ...size,
    scrollback: 5000,
    allowProposedApi: true,
    logLevel: 'off',
  })
  open.push(terminal)
  return terminal
}

const written = (terminal: headless.Terminal, bytes: Uint8Array | string) =>
  new Promise<void>((resolve) => {
    terminal.write(bytes, resolve)
  })

/** Screen and scrollback, the cursor and what a program may have set. */
function look(terminal: headless.Terminal) {
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, row) =>
    active.getLine(row)?.translateToString(true),
  )
  while (lines.at(-1) === '') lines.pop()
  const { bracketedPasteMode, mouseTrackingMode, applicationCursorKeysMode } = terminal.modes
  return {
    lines,
    cursor: [active.cursorX, active.cursorY],
    kind: active.type,
    modes: { bracketedPasteMode, mouseTrackingMode, applicationCursorKeysMode },
  }
}

/** What a window shows that was there all along, and one that came after everything was printed. */
async function bothWays(...chunks: (string | Uint8Array)[]) {
  const bytes = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as string)))
  const before = newTerminal()
  await written(before, bytes)
  const screen = keep()
  for (let at = 0; at < bytes.length; at += 7) screen.push(bytes.subarray(at, at + 7))
  const after = newTerminal()
  await written(after, await screen.restore())
  return { before: look(before), after: look(after) }
}

describe('a kept screen', () => {
  it('restores nothing of a terminal that printed nothing', async () => {
    expect(await keep().restore()).toHaveLength(0)
  })

  it.each([
    [
      'lines and their scrollback',
      Array.from({ length: 300 }, (_, row) => `line ${String(row)}\r\n`).join(''),
    ],
    ['wrapped lines', `${'0123456789'.repeat(30)}\r\n$ `],
    ['wide and combining characters', '漢字かな 👩‍🚀 e\u0301\u0302 ü 👍🏽\r\n한국어 $ '],
    ['colours', '\u001b[31mred\u001b[0m \u001b[1;38;5;200mbold\u001b[48;2;1;2;3m true\u001b[0m\r\n$ '],
    [
      'a full-screen program over a shell',
      '$ vim\r\n\u001b[?1049h\u001b[?1h\u001b[2J\u001b[3;5Htext\u001b[8;1H~',
    ],
    ['a shell after a full-screen program', '$ vim\r\n\u001b[?1049h\u001b[2Jtext\u001b[?1049l$ '],
    ['a program with the mouse', '\u001b[?1049h\u001b[?1002h\u001b[?1006h\u001b[?2004hmenu'],
    ['a cursor somewhere else', 'one\r\ntwo\r\nthree\u001b[2;2H'],
  ])('restores %s', async (_name, text) => {
    const { before, after } = await bothWays(text)
    expect(after).toEqual(before)
  })

  it('restores what the mouse reports in, a hidden cursor and the title', async () => {
    const screen = keep()
    screen.push(Buffer.from('\u001b]2;mine\u0007\u001b[?1006h\u001b[?25l\u001b[?1049h'))
    const text = Buffer.from(await screen.restore()).toString()
    expect(text).toContain('\u001b]2;mine\u0007')
    expect(text).toContain('\u001b[?1006h\u001b[?25l')
    expect(text.match(/\?1049h/g)).toHaveLength(1)
  })

  it('survives any bytes, and restores something a terminal can read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }), async (chunks) => {
        const screen = keep()
        for (const chunk of chunks) screen.push(chunk)
        const after = newTerminal()
        await written(after, await screen.restore())
        expect(after.buffer.active.length).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })

  it('forgets titles, links and clipboards that a program sends in any length', async () => {
    const screen = keep()
    screen.push(
      Buffer.from(`\u001b]0;${'x'.repeat(300_000)}\u0007\u001b]52;c;${'A'.repeat(300_000)}\u0007end`),
    )
    expect((await screen.restore()).length).toBeLessThan(2000)
  })

  it('keeps no cell of endless combining characters', async () => {
    const screen = keep()
    const flood = Buffer.from('\u0301'.repeat(10_001))
    screen.push(Buffer.from('a'))
    for (let at = 0; at < flood.length; at += 777) screen.push(flood.subarray(at, at + 777))
    screen.push(Buffer.from('b'))
    expect(Buffer.from(await screen.restore()).toString()).toBe(`a${'\u0301'.repeat(zeroWidthPerCell)}b`)
  })

  it.each(['b', 'L', 'M', 'S', 'T'])('is not held up by a count without end (CSI %s)', async (final) => {
    const screen = keep()
    screen.push(Buffer.from(`a\u001b[2147483647${final}`))
    screen.push(Buffer.from('b\u001b[3b'))
    expect(Buffer.from(await screen.restore()).toString()).toBe('abbbb')
  })

  it('keeps fewer lines where they are long', async () => {
    const screen = keep()
    screen.resize(1000, 8)
    screen.push(Buffer.from('line\r\n'.repeat(1500)))
    await screen.restore()
    expect(screen.cells).toBe(1_008_000)
    screen.resize(100, 8)
    screen.push(Buffer.from('line\r\n'.repeat(6000)))
    await screen.restore()
    expect(screen.cells).toBe(500_800)
    screen.resize(1000, 8)
    expect(screen.cells).toBe(1_008_000)
  })

  it('restores the newest lines of what is more than a message may hold', async () => {
    const screen = createKeptScreen(systemClock, size, { restoreMaxChars: 10_000 })
    open.push(screen)
    const line = '\u001b[31ma\u001b[32mb'.repeat(15)
    screen.push(Buffer.from(Array.from({ length: 300 }, (_, row) => `${String(row)} ${line}\r\n`).join('')))
    const restored = Buffer.from(await screen.restore()).toString()
    expect(restored.length).toBeLessThanOrEqual(10_000)
    expect(restored.length).toBeGreaterThan(3000)
    expect(restored).toContain('299')
  })

  it('restores only the modes where the screen alone is more than that', async () => {
    const screen = createKeptScreen(systemClock, size, { restoreMaxChars: 10 })
    open.push(screen)
    screen.push(Buffer.from('\u001b[?1049h\u001b[?2004hmore than ten characters'))
    expect(Buffer.from(await screen.restore()).toString()).toBe('\u001b[?1049h\u001b[?2004h')
  })

  it('forgets what is above the screen when asked, and goes on', async () => {
    const screen = keep()
    screen.push(Buffer.from(Array.from({ length: 300 }, (_, row) => `line ${String(row)}\r\n`).join('')))
    await screen.restore()
    screen.dropScrollback()
    expect(screen.cells).toBe(size.cols * size.rows)
    screen.push(Buffer.from('more\r\n'))
    const restored = Buffer.from(await screen.restore()).toString()
    expect(restored.match(/line \d+|more/g)?.join()).toMatch(/^line 293,.*,line 299,more$/)
  })

  it('goes on with the newest after a flood it could not follow, in the modes that hold there', async () => {
    const screen = keep()
    screen.push(Buffer.from('before\r\n\u001b[?2004h\u001b[?1000h'))
    const flood = Buffer.from(`${'\u001b[32mgreen '.repeat(5)}\r\n`.repeat(1000))
    for (let sent = 0; sent < 5_000_000; sent += flood.length) screen.push(flood)
    screen.push(Buffer.from('\u001b[?1000l\u001b[0mthe end'))
    const after = newTerminal()
    await written(after, await screen.restore())
    const { lines, modes } = look(after)
    expect(lines.at(-1)).toBe('the end')
    expect(lines.slice(0, -1).every((line) => /^(?:green ?)+$/.test(line ?? ''))).toBe(true)
    expect(lines.length).toBeGreaterThan(1000)
    expect(modes).toMatchObject({ bracketedPasteMode: true, mouseTrackingMode: 'none' })
  })

  it('leaves a full-screen program whose end it missed', async () => {
    const screen = keep()
    screen.push(Buffer.from('\u001b[?1049h'))
    await screen.restore()
    screen.push(Buffer.from('\u001b[?1049l'))
    const flood = Buffer.from('line\r\n'.repeat(10_000))
    for (let sent = 0; sent < 3_000_000; sent += flood.length) screen.push(flood)
    const after = newTerminal()
    await written(after, await screen.restore())
    expect(look(after).kind).toBe('normal')
  })

  it('restores in the new size', async () => {
    const screen = keep()
    screen.push(Buffer.from(`${'0123456789'.repeat(8)}\r\n$ `))
    await screen.restore()
    screen.resize(20, 8)
    const after = newTerminal()
    after.resize(20, 8)
    await written(after, await screen.restore())
    expect(look(after).lines).toEqual([...Array.from({ length: 4 }, () => '0123456789'.repeat(2)), '$ '])
  })

  it('has the newest output as it came, until that belongs to another shell', () => {
    const screen = keep()
    screen.push(Buffer.from('one '))
    screen.push(Buffer.from('two'))
    expect(screen.history().toString()).toBe('one two')
    screen.forgetHistory()
    screen.push(Buffer.from('three'))
    expect(screen.history().toString()).toBe('three')
  })
})
