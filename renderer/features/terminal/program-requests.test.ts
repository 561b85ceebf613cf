import { Terminal } from '@xterm/xterm'
import { describe, expect, it, vi } from 'vitest'
import { readClipboardRequest } from './clipboard-request.ts'
import { createCommandMarks, type CommandEnd } from './command-marks.ts'
import { readDirectory, shellIn } from './working-directory.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('a request for the clipboard', () => {
  it.each([
    ['c', 'plain'],
    ['', 'for the usual target'],
    ['p', 'ünï 漢字\nline\ttab'],
  ])('to %j writes %j', (target, text) => {
    expect(readClipboardRequest(`${target};${base64(text)}`)).toBe(text)
  })

  it('leaves out what would act when it is pasted', () => {
    expect(readClipboardRequest(`c;${base64('ls\u001b[201~\u0007 \u0000x')}`)).toBe('ls[201~ x')
  })

  it.each([
    'c;?',
    'c;',
    'c',
    '',
    'c;***',
    `c;${Buffer.from([0xff, 0xfe]).toString('base64')}`,
    `c;${'A'.repeat(100_004)}`,
  ])('that is %j writes nothing', (data) => {
    expect(readClipboardRequest(data)).toBeUndefined()
  })
})

describe('a directory', () => {
  it.each([
    ['file://host/home/me/a%20b', '/home/me/a b'],
    ['file:///srv', '/srv'],
    [`file://h/it's`, `/it's`],
  ])('is read from %j', (data, path) => {
    expect(readDirectory(data)).toBe(path)
  })

  it.each([
    '',
    '/srv',
    'https://h/x',
    'file://host',
    'file://h/%',
    'file://h/a%0ab',
    `file://h/${'x'.repeat(2000)}`,
  ])('is not read from %j', (data) => {
    expect(readDirectory(data)).toBeUndefined()
  })

  it('is quoted whole in the command of a shell that starts there', () => {
    expect(shellIn(`/a'; rm -rf ~; '$(x)`)).toMatch(
      /^cd -- '\/a'\\''; rm -rf ~; '\\''\$\(x\)' 2>\/dev\/null; exec /,
    )
  })
})

describe('marks of a shell', () => {
  async function marked() {
    let now = 0
    // No canvas here; xterm then keeps its own colours.
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
    const terminal = new Terminal({ rows: 5, cols: 20, allowProposedApi: true })
    terminal.open(document.body)
    const marks = createCommandMarks(terminal, () => now)
    const ends: CommandEnd[] = []
    marks.onCommandEnd((end) => ends.push(end))
    const print = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve))
    const run = async (command: string, output: string, ms: number, code: string) => {
      await print(`\u001b]133;A\u0007$ \u001b]133;B\u0007${command}\r\n\u001b]133;C\u0007`)
      await print(output)
      now += ms
      await print(`\u001b]133;D${code}\u0007`)
    }
    return { terminal, marks, ends, run, print }
  }

  it('tell how long a command took and how it ended', async () => {
    const { ends, run } = await marked()
    await run('make', 'x\r\n', 12_000, ';2')
    await run('ls', 'y\r\n', 5, '')
    expect(ends).toEqual([
      { durationMs: 12_000, exitCode: 2 },
      { durationMs: 5, exitCode: undefined },
    ])
  })

  it('select what the last command printed', async () => {
    const { terminal, marks, run } = await marked()
    expect(marks.selectLastOutput()).toBe(false)
    await run('one', 'first\r\n', 0, ';0')
    await run('two', 'second\r\nthird\r\n', 0, ';0')
    expect(marks.selectLastOutput()).toBe(true)
    expect(terminal.getSelection().trim()).toBe('second\nthird')
  })

  it('are jumped between', async () => {
    const { terminal, marks, run, print } = await marked()
    const scroll = vi.spyOn(terminal, 'scrollToLine')
    await run('one', 'x\r\n'.repeat(10), 0, ';0')
    await run('two', 'x\r\n'.repeat(10), 0, ';0')
    await print('\u001b]133;A\u0007$ ')
    expect(marks.jump('previous')).toBe(true)
    expect(scroll).toHaveBeenLastCalledWith(11)
    expect(marks.jump('next')).toBe(true)
  })

  it('without an end or a beginning are nothing', async () => {
    const { ends, print } = await marked()
    await print(`\u001b]133;D;0\u0007\u001b]133;X\u0007\u001b]133;${'A'.repeat(5000)}\u0007`)
    expect(ends).toEqual([])
  })
})
