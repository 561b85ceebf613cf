import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { ChatMessagePart } from '#bridge/contract/chats-messages'
import { rowsOf, sampleCall } from '../../../testing/transcript-samples.tsx'
import { DisplayModesContext, type DisplayModes } from '../../own-agents/index.ts'

const automatic: DisplayModes = { thinking: 'auto', commands: 'auto', changes: 'auto' }
const said = (container: HTMLElement): string => container.textContent.replaceAll(/\s+/g, ' ')

function show(parts: ChatMessagePart[], modes: Partial<DisplayModes>) {
  const drawn = (now: Partial<DisplayModes>) => (
    <DisplayModesContext value={{ ...automatic, ...now }}>{rowsOf(parts)}</DisplayModesContext>
  )
  const { container, rerender } = render(drawn(modes))
  return { container, choose: (now: Partial<DisplayModes>) => rerender(drawn(now)) }
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `line-${index + 1}`).join('\n')
const thought: ChatMessagePart[] = [{ type: 'reasoning', text: 'secretly' }]
const command = (result: object = {}) =>
  sampleCall(
    'execute',
    { command: 'make all', model_intent: 'Build it' },
    { success: true, exit_code: 0, output: numbered(30), ...result },
  )
const written = sampleCall('write_file', { path: 'a.txt', content: numbered(30) }, { ok: true })

describe('what a model thought', () => {
  it.each([
    ['auto', false],
    ['always_collapsed', false],
    ['preview', true],
    ['always_expanded', true],
    ['of_next_year', false],
  ])('shows as %s says', (thinking, isShown) => {
    const { container } = show(thought, { thinking })
    expect(said(container).includes('secretly')).toBe(isShown)
  })

  it('is unfolded from the first lines, which nobody can walk into', () => {
    const { container } = show(thought, { thinking: 'preview' })
    expect(container.querySelector('[inert]')?.textContent).toContain('secretly')
    fireEvent.click(screen.getByRole('button', { expanded: false }))
    expect(container.querySelector('[inert]')).toBeNull()
    expect(said(container)).toContain('secretly')
  })

  it('follows a choice that is known later, until somebody has touched it', () => {
    const { container, choose } = show(thought, {})
    choose({ thinking: 'always_expanded' })
    expect(said(container)).toContain('secretly')
    fireEvent.click(screen.getByRole('button', { expanded: true }))
    choose({ thinking: 'auto' })
    choose({ thinking: 'always_expanded' })
    expect(said(container)).not.toContain('secretly')
  })
})

describe('a command', () => {
  it.each([
    ['auto', true, false],
    ['always_expanded', true, true],
    ['always_collapsed', false, false],
  ])('shows as %s says', (commands, hasFirst, hasLast) => {
    const { container } = show(command(), { commands })
    expect(said(container)).toContain('Build it')
    expect([said(container).includes('line-2'), said(container).includes('line-30')]).toEqual([
      hasFirst,
      hasLast,
    ])
  })

  it('that is folded is unfolded, and always says that it failed', () => {
    const { container } = show(command({ success: false, error: 'It was killed.' }), {
      commands: 'always_collapsed',
    })
    expect(said(container)).toContain('It was killed.')
    fireEvent.click(screen.getByRole('button', { expanded: false }))
    expect(said(container)).toContain('$ make all')
  })
})

describe('a change of a file', () => {
  it.each([
    ['auto', true, false],
    ['always_expanded', true, true],
    ['always_collapsed', false, false],
  ])('shows as %s says', (changes, hasFirst, hasLast) => {
    const { container } = show(written, { changes })
    expect(said(container)).toContain('a.txt')
    expect(said(container)).toContain('+30')
    expect([said(container).includes('line-2'), said(container).includes('line-30')]).toEqual([
      hasFirst,
      hasLast,
    ])
  })
})
