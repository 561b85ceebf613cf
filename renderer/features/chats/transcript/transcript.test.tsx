import { act, fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { TooltipProvider } from '../../../ui/tooltip.tsx'
import { ErrorRow, ReconnectingNotice, RetryRow } from './callouts.tsx'
import { findInRows } from './find-in-rows.ts'
import { MarkdownText } from './markdown-text.tsx'
import { appendMarkdown, noBlocks } from './markdown-blocks.ts'
import { buildRows } from './build-rows.ts'
import { ActionsContext } from './transcript-actions.ts'
import { addPreviewPart } from './preview-parts.ts'
import { transcriptMarkdown } from './transcript-markdown.ts'
import { emptyTranscript, type TranscriptState } from './transcript-state.ts'
import { Transcript } from './transcript.tsx'

const message = (id: number, role: string, ...content: object[]) => ({
  id,
  chat_id: 'c',
  created_at: '2026-11-01T10:00:00Z',
  role,
  content: content as never,
})

function show(state: Partial<TranscriptState>, more: object = {}) {
  const view = (next: Partial<TranscriptState>, now: object = {}) => (
    <TooltipProvider>
      <Transcript
        place="test"
        state={{ ...emptyTranscript, ...next }}
        onLoadOlder={vi.fn()}
        onOpenLink={vi.fn()}
        {...more}
        {...now}
      />
    </TooltipProvider>
  )
  const shown = render(view(state))
  return {
    ...shown,
    change: (next: Partial<TranscriptState>, now: object = {}) => shown.rerender(view(next, now)),
  }
}

describe('a transcript', () => {
  it('loads, is empty, or cannot be shown', () => {
    expect(show({}).container.querySelector('[aria-hidden]')).not.toBeNull()
    expect(show({ phase: 'open' }).container.textContent).toContain('Nothing was said yet')
    const onRetry = vi.fn()
    show({}, { failure: new Error('x'), onRetry })
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(onRetry).toHaveBeenCalledTimes(1)
  })

  it('stays when the row that has the focus is taken back', () => {
    // Rows are drawn where they can be seen.
    for (const size of ['offsetHeight', 'clientHeight', 'offsetWidth'] as const)
      vi.spyOn(HTMLElement.prototype, size, 'get').mockReturnValue(2000)
    const messages = [message(1, 'user', { type: 'text', text: 'Hi' })]
    const part = { type: 'tool-call', tool_call_id: 's', tool_name: 'chat_summarized', args: {} }
    const busy = { phase: 'open', messages, status: 'running' } as const
    const { change } = show({ ...busy, preview: addPreviewPart([], part) }, { onStop: vi.fn() })
    act(() => screen.getByRole('button', { name: 'Stop' }).focus())
    change({ ...busy, status: 'waiting' })
    expect(screen.getAllByRole('article').map(({ textContent }) => textContent)).toEqual(['Hi'])
  })

  it('is a log that speaks of finished answers only', () => {
    const first = [message(1, 'user', { type: 'text', text: 'Hi' })]
    const { container, change } = show({ phase: 'open', messages: first })
    expect(screen.getByRole('log').getAttribute('aria-live')).toBe('off')
    const spoken = container.querySelector('[aria-live=polite]')
    expect(spoken?.textContent).toBe('')
    change({ phase: 'open', messages: [...first, message(2, 'assistant', { type: 'text', text: 'Hello.' })] })
    expect(spoken?.textContent).toBe('Hello.')
  })

  it('stays at the end when a picture comes just before a scroll is told', () => {
    const first = [message(1, 'user', { type: 'text', text: 'Hi' })]
    const { change } = show({ phase: 'open', messages: first })
    const log = screen.getByRole('log')
    // The picture sticks out: its row has not been measured.
    Object.defineProperty(log, 'scrollHeight', { value: 5000 })
    fireEvent.scroll(log)
    expect(screen.queryByRole('button', { name: 'Jump to latest' })).toBeNull()
    const scrolled = vi.spyOn(log, 'scrollTo')
    change({ phase: 'open', messages: [...first, message(2, 'assistant', { type: 'text', text: 'Hello.' })] })
    expect(scrolled).toHaveBeenCalled()
  })

  it('goes where keys lead, also when rows grew just before', () => {
    show({ phase: 'open', messages: [message(1, 'user', { type: 'text', text: 'Hi' })] })
    const log = screen.getByRole('log')
    const content = log.firstElementChild
    const grow = (height: number): void => {
      Object.defineProperty(content, 'offsetHeight', { value: height, configurable: true })
      Object.defineProperty(log, 'scrollHeight', { value: height, configurable: true })
    }
    log.scrollTo = ((to: ScrollToOptions) => (log.scrollTop = to.top ?? 0)) as typeof log.scrollTo
    grow(5000)
    fireEvent.scroll(log, { target: { scrollTop: 5000 } })
    grow(5100)
    fireEvent.keyDown(log, { key: 'Home' })
    fireEvent.scroll(log)
    expect(log.scrollTop).toBe(0)
    expect(screen.getByRole('button', { name: 'Jump to latest' })).toBeDefined()
  })

  it('leaves whoever reads what was before where they are, until they say something', () => {
    const later = [message(8, 'assistant', { type: 'text', text: 'Done.' })]
    const all = [message(7, 'user', { type: 'text', text: 'Do it' }), ...later]
    const { change } = show({ phase: 'open', messages: later, hasMore: true })
    const log = screen.getByRole('log')
    Object.defineProperty(log.firstElementChild, 'offsetHeight', { value: 5000 })
    Object.defineProperty(log, 'scrollHeight', { value: 5000 })
    // The first scroll is told for the new height, which no reader made.
    fireEvent.scroll(log)
    expect(screen.queryByRole('button', { name: 'Jump to latest' })).toBeNull()
    fireEvent.scroll(log, { target: { scrollTop: 0 } })
    expect(screen.getByRole('button', { name: 'Jump to latest' })).toBeDefined()
    const scrolled = vi.spyOn(log, 'scrollTo')
    // An older page may bring the first thing that they said themselves.
    change({ phase: 'open', messages: all })
    change({
      phase: 'open',
      messages: [...all, message(9, 'user', { type: 'text', text: 'By another agent' })],
    })
    expect(scrolled).not.toHaveBeenCalled()
    change({ phase: 'open', messages: all }, { said: 1 })
    expect(scrolled).toHaveBeenCalled()
  })
})

describe('callouts', () => {
  const error = { message: 'busy', retryable: true }
  it.each([
    ['overloaded', 'overloaded'],
    ['rate_limit', 'no more requests'],
    ['timeout', 'did not answer in time'],
    ['stream_silence_timeout', 'stalled'],
    ['startup_timeout', 'stalled'],
    ['auth', 'refused the key'],
    ['config', 'not set up right'],
    ['usage_limit', 'usage limit'],
    ['missing_key', 'key for this provider is missing'],
    ['provider_disabled', 'switched off'],
    ['interrupted', 'Stopped'],
    ['generic', 'The turn failed'],
    ['constructor', 'The turn failed'],
  ])('put %s in words', (kind, words) => {
    const { container } = render(
      <TooltipProvider>
        <ErrorRow row={{ kind: 'error', key: 'e', error: { ...error, kind } }} />
      </TooltipProvider>,
    )
    expect(container.textContent).toContain(words)
  })

  it('leave it to who stopped a turn at a limit what helps', () => {
    const message = 'The limit of this chat is reached. Raise it, or go on in a new chat.'
    const draw = (kind: string, said: string) =>
      render(
        <TooltipProvider>
          <ErrorRow row={{ kind: 'error', key: 'e', error: { message: said, kind, retryable: false } }} />
        </TooltipProvider>,
      ).container
    const { textContent } = draw('usage_limit', message)
    expect(textContent).toContain(message)
    expect(textContent).not.toMatch(/period|Details/)
    expect(draw('usage_limit', '').textContent).toContain('An administrator can raise it')
    expect(draw('auth', message).textContent).toMatch(/Ask an administrator.*Details/)
  })

  it('say when the model is asked again, and when the chat is reached again', () => {
    const at = new Date(Date.now() + 90_000).toISOString()
    const retry = { attempt: 2, delay_ms: 1, error: 'x', kind: 'overloaded', retrying_at: at }
    expect(render(<RetryRow row={{ kind: 'retry', key: 'r', retry }} />).container.textContent).toContain(
      'Attempt 3 starts in 1 m',
    )
    const connection = {
      kind: 'connection',
      state: 'waiting',
      reason: 'No network.',
      retryAt: Date.now() + 90_000,
    } as const
    expect(render(<ReconnectingNotice connection={connection} />).container.textContent).toContain(
      'Reconnecting to this chat in 1 m. No network.',
    )
  })
})

describe('words of a model', () => {
  const draw = (text: Parameters<typeof MarkdownText>[0]['text']) => (
    <TooltipProvider>
      <ActionsContext value={{ onOpenLink: vi.fn() }}>
        <MarkdownText text={text} />
      </ActionsContext>
    </TooltipProvider>
  )

  it('keep the blocks that are finished while the last one is written', () => {
    let blocks = appendMarkdown(noBlocks, 'One **bold**.\n\nTwo')
    const { container, rerender } = render(draw(blocks))
    blocks = appendMarkdown(blocks, ' more\n\nThree')
    rerender(draw(blocks))
    const first = container.querySelector('strong')
    blocks = appendMarkdown(blocks, ' and')
    rerender(draw(blocks))
    expect(container.querySelector('strong')).toBe(first)
    expect([...container.querySelectorAll('p')].map((one) => one.textContent)).toEqual([
      'One bold.',
      'Two more',
      'Three and',
    ])
  })

  it('show code by its language with a way to copy it alone, also in a list', () => {
    render(draw('```go\na := 1\n```\n\n- item\n\n  ```sh\n  ls\n  ```'))
    expect(screen.getAllByRole('figure').map((one) => one.textContent)).toEqual(['goa := 1', 'shls'])
    expect(screen.getAllByRole('button').map((one) => one.getAttribute('aria-label'))).toEqual([
      'Copy the code',
      'Copy the code',
    ])
  })

  it('load nothing and run nothing', () => {
    const { container } = render(
      draw('<img src=x onerror=alert(1)>\n\n![p](https://t.example/p.png)\n\n[x](javascript:alert(1))'),
    )
    expect(container.querySelector('img, a, script')).toBeNull()
  })

  it('stay readable when they are too long to be read anew with each piece', () => {
    const { container } = render(draw(appendMarkdown(noBlocks, '*'.repeat(50_000))))
    expect(container.textContent).toHaveLength(50_000)
  })
})

const context = { isBusy: false, approvals: [], outside: [] }
const chat = [
  message(1, 'user', { type: 'text', text: 'Find Refund' }),
  message(
    2,
    'assistant',
    { type: 'text', text: 'refund, REFUND' },
    { type: 'tool-call', tool_call_id: 'a', tool_name: 'execute', args: { command: 'grep refund' } },
  ),
  message(3, 'tool', { type: 'tool-result', tool_call_id: 'a', result: { output: 'a ``` b' } }),
]

it('finds words without case, place by place', () => {
  expect(findInRows(buildRows(chat, context), 'refund')).toEqual([
    { row: 0, nth: 0 },
    { row: 1, nth: 0 },
    { row: 1, nth: 1 },
    { row: 2, nth: 0 },
  ])
  expect(findInRows(buildRows(chat, context), '')).toEqual([])
})

it('writes a chat as Markdown whose fences nothing in it can end', () => {
  expect(transcriptMarkdown('Refunds', chat)).toBe(
    '# Refunds\n\n## You\n\nFind Refund\n\n## Agent\n\nrefund, REFUND\n\n**Tool `execute`:**\n\n```sh\n$ grep refund\n```\n\n````\na ``` b\n````\n',
  )
})
