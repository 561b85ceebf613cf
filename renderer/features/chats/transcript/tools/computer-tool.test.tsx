import { screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { sampleActions, sampleCall, showRows } from '../../../../testing/transcript-samples.tsx'

const said = (container: HTMLElement): string => container.textContent.replaceAll(/\s+/g, ' ')
const kept = { mime_type: 'image/png', attachment_file_id: 'shot', attachment_name: 'desktop.png' }

describe('what was done on a desktop', () => {
  it.each<[args: Record<string, unknown>, words: string]>([
    [{ action: 'screenshot' }, 'Looked at the desktop'],
    [{ action: 'left_click', coordinate: [412, 310] }, 'Clicked at 412, 310'],
    [{ action: 'left_click', coordinate: [1, 2], text: 'shift' }, 'Clicked at 1, 2 with shift held'],
    [{ action: 'double_click' }, 'Double-clicked'],
    [{ type: 'click', x: 5, y: 6 }, 'Clicked at 5, 6'],
    [
      { action: 'left_click_drag', start_coordinate: [1, 2], coordinate: [3, 4] },
      'Dragged from 1, 2 to 3, 4',
    ],
    [{ action: 'type', text: 'go test ./...\u202e\n' }, 'Typed “go test ./...‹U+202E›'],
    [{ action: 'key', text: 'ctrl+s' }, 'Pressed ctrl+s'],
    [{ type: 'keypress', keys: ['CTRL', 'S'] }, 'Pressed CTRL+S'],
    [{ action: 'hold_key', text: 'shift', duration: 2 }, 'Held shift for 2 s'],
    [
      { action: 'scroll', coordinate: [9, 8], scroll_direction: 'down', scroll_amount: 3 },
      'Scrolled down 3 steps at 9, 8',
    ],
    [{ action: 'wait', duration: 1.5 }, 'Waited for 1.5 s'],
    [{ action: 'constructor' }, 'Used the desktop constructor'],
    [{ action: 'left_click', coordinate: ['<b>', {}] }, 'Clicked'],
  ])('%j is said in words', (args, words) => {
    const { container } = showRows(sampleCall('computer', args, kept, { is_media: true }))
    expect(said(container)).toContain(words)
  })

  it('is said while it is done, and where it asked for words they are there', () => {
    const { container } = showRows(
      [{ type: 'tool-call', tool_call_id: '1', tool_name: 'computer', args: { action: 'type', text: 'ls' } }],
      undefined,
      { isBusy: true },
    )
    expect(said(container)).toContain('Typing “ls”')
    const position = showRows(sampleCall('computer', { action: 'cursor_position' }, { output: 'X=3,Y=4' }))
    expect(said(position.container)).toContain('Asked where the pointer is X=3,Y=4')
  })
})

it('the screen after it is shown once, by the call', async () => {
  const [call, result] = sampleCall('computer', { action: 'screenshot' }, kept, {
    is_media: true,
    tool_name: 'computer',
  })
  const file = (id: string, name: string) =>
    ({ type: 'file', file_id: id, name, media_type: 'image/png' }) as const
  const loadFile = vi.fn(async () => ({ mediaType: 'image/png', data: 'AAAA' }))
  showRows(
    [call, file('shot', 'desktop.png'), file('other', 'other.png'), result].flatMap((part) => part ?? []),
    { ...sampleActions(), loadFile },
  )
  expect(await screen.findAllByRole('button', { name: 'Show desktop.png large' })).toHaveLength(1)
  // What the agent attached otherwise stays.
  expect(await screen.findAllByRole('button', { name: 'Show other.png large' })).toHaveLength(1)
  expect(loadFile).toHaveBeenCalledTimes(2)
})

it('a screen that cannot be read can be asked for again', async () => {
  const loadFile = async () => {
    throw new Error('The deployment does not answer.')
  }
  showRows(sampleCall('computer', { action: 'screenshot' }, kept, { is_media: true }), {
    ...sampleActions(),
    loadFile,
  })
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeDefined()
})
