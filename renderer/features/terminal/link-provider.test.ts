import { Terminal } from '@xterm/xterm'
import { expect, it, vi } from 'vitest'
import { createLinkProvider } from './link-provider.ts'

it('reads of a line without end only what is around the pointer, and finds an address there', async () => {
  const terminal = new Terminal({ cols: 80, rows: 24, scrollback: 5000, allowProposedApi: true })
  const text = `${'x'.repeat(200_000)} https://x.dev/ ${'x'.repeat(100_000)}`
  await new Promise<void>((resolve) => terminal.write(text, resolve))
  const getLine = vi.spyOn(Object.getPrototypeOf(terminal.buffer.active), 'getLine')
  const found = vi.fn()
  createLinkProvider(terminal, { activate: vi.fn(), activatePath: vi.fn(), hover: vi.fn() }).provideLinks(
    2501,
    found,
  )
  expect(getLine.mock.calls.length).toBeLessThan(150)
  expect(found.mock.calls[0]?.[0]).toMatchObject([
    { text: 'https://x.dev/', range: { start: { x: 2, y: 2501 }, end: { x: 15, y: 2501 } } },
  ])
  terminal.dispose()
})
