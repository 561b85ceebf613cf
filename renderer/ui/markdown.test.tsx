import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { Markdown } from './markdown.tsx'

function show(text: string) {
  const onOpenLink = vi.fn()
  const { container } = render(<Markdown onOpenLink={onOpenLink}>{text}</Markdown>)
  return { container, onOpenLink }
}

it('opens links through the gate only, with the target in sight', () => {
  const { container, onOpenLink } = show('[the guide](https://example.com/guide)')
  const link = screen.getByRole('button', { name: 'the guide' })
  expect(link.title).toBe('https://example.com/guide')
  fireEvent.click(link)
  expect(onOpenLink).toHaveBeenCalledWith('https://example.com/guide')
  expect(container.querySelector('a')).toBeNull()
})

it('loads no picture and names it instead', () => {
  const { container } = show('![Diagram](https://tracker.example/p.png?who=me)')
  expect(container.querySelector('img')).toBeNull()
  expect(screen.getByRole('button').textContent).toBe('Diagramtracker.example')
})

it.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<iframe src="https://example.com"></iframe>',
  '<style>*{display:none}</style>',
  '<svg><animate onbegin=alert(1)></svg>',
])('makes no element of %s', (html) => {
  const { container } = show(`before\n\n${html}\n\nafter`)
  expect(container.querySelector('script, img, iframe, style, svg animate')).toBeNull()
  expect(container.textContent).toContain('after')
})

it('reads HTML as the text it is, where that is asked for', () => {
  const text = 'A `Map` is a Vec<String> here: <b>bold</b>\n\n<script>alert(1)</script>\n\nafter'
  const { container } = render(
    <Markdown showHtml onOpenLink={vi.fn()}>
      {text}
    </Markdown>,
  )
  expect(container.textContent).toContain('Vec<String> here: <b>bold</b>')
  expect(container.textContent).toContain('<script>alert(1)</script>')
  expect(container.querySelector('script, b, string')).toBeNull()
})

it('gives a script link no target', () => {
  const { container, onOpenLink } = show('[click](javascript:alert(1)) and [data](data:text/html,x)')
  for (const button of container.querySelectorAll('button')) fireEvent.click(button)
  expect(onOpenLink).not.toHaveBeenCalled()
})

it.each([
  ['many nested quotes', '> '.repeat(3000)],
  ['many nested lists', '- '.repeat(3000)],
  ['lists by indentation', Array.from({ length: 300 }, (_, at) => `${'  '.repeat(at)}- x`).join('\n')],
  ['marks without an end', '*a_'.repeat(10_000)],
  ['a table of too many cells', `|a|\n|-|\n${'|b'.repeat(20_000)}`],
  ['no end', 'word '.repeat(200_000)],
])('shows %s as plain text, at once', (_, text) => {
  const started = performance.now()
  const { container } = show(text)
  expect(container.querySelector('pre')?.textContent).toBe(text.slice(0, 100_000))
  expect(performance.now() - started).toBeLessThan(1000)
})

it('draws a long ordinary README', () => {
  const section =
    '## Usage\n\nRun `make` in **the folder**, see [the guide](https://example.com).\n\n> Note\n\n- a\n  - b\n\n'
  const { container } = show(`${section.repeat(100)}${'-'.repeat(80)}\n`)
  expect(container.querySelectorAll('h2')).toHaveLength(100)
})

it('renders tables and task lists', () => {
  const { container } = show('| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done')
  expect(container.querySelectorAll('td')).toHaveLength(2)
  expect(screen.getByRole('img', { name: 'Done' })).toBeTruthy()
})
