import { act, createEvent, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { sampleActions, sampleCall, showRows } from '../../../../testing/transcript-samples.tsx'
import { TooltipProvider } from '../../../../ui/tooltip.tsx'
import { oneLine } from '../hostile-text.ts'
import { RowKeyProvider, RowMemoryProvider, type RowMemory } from '../row-memory.tsx'
import { ActionsContext } from '../transcript-actions.ts'
import { ApprovalCard } from './approval-card.tsx'

/** A card that is on the page for a while already. */
function ask(tool: string, args: string, onDecide = vi.fn(async () => undefined)) {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(-1000)
  const shown = show(tool, args, onDecide)
  clock.mockRestore()
  return shown
}

function show(tool: string, args: string, onDecide = vi.fn(async () => undefined)) {
  const asked = { tool_call_id: tool, tool_name: tool, args }
  const shown = showRows(
    sampleCall(tool, { command: 'harmless' }),
    { ...sampleActions(), onDecide },
    { approvals: [asked] },
  )
  return { ...shown, onDecide, card: screen.getByRole('group') }
}

it('shows the arguments the server will run, not those of the message, with nothing hidden', () => {
  const { card } = ask('execute', '{"command":"rm \\u202e-rf","workdir":"/srv","timeout":"9s"}')
  expect(card.textContent).toContain('$ rm ‹U+202E›-rf')
  expect(card.textContent).toContain('"workdir": "/srv"')
  expect(card.textContent).toContain('"timeout": "9s"')
  expect(card.textContent).not.toContain('harmless')
})

it('shows what a command is for as words of the agent, and not among its arguments', () => {
  const { card } = ask('execute', '{"command":"ls","model_intent":"Look \\u202earound"}')
  expect(card.textContent).toContain('The agent says: Look ‹U+202E›around')
  expect(card.textContent).not.toContain('model_intent')
})

it.each([
  [{ action: 'left_click', coordinate: [412, 310] }, 'Click at 412, 310.'],
  [{ action: 'left_click', coordinate: [4, 5], text: 'ctrl' }, 'Click at 4, 5 with ctrl held.'],
  [{ action: 'key', text: 'ctrl+s', repeat: 3 }, 'Press ctrl+s 3 times.'],
  [{ action: 'type', text: 'rm \u202e-rf\n' }, 'Type this:rm ‹U+202E›-rf\n'],
  [
    { action: 'scroll', coordinate: [4, 5], scroll_direction: 'down', scroll_amount: 3 },
    'Scroll down 3 steps at 4, 5.',
  ],
  [{ action: 'left_click_drag', start_coordinate: [1, 2], coordinate: [3, 4] }, 'Drag from 1, 2 to 3, 4.'],
  [{ action: 'wait', duration: 2 }, 'Wait for 2 s.'],
  [{ action: 'screenshot' }, 'Look at the desktop.'],
])('says in words what %j would do on the desktop', (args, words) => {
  const { card } = ask('computer', JSON.stringify(args))
  expect(card.textContent).toContain(`Do this on the desktop?Waiting for you${words}Allow once`)
})

it.each([
  [
    'what the words do not say',
    { action: 'left_click', coordinate: [1, 2], text: 'a'.repeat(50) },
    'a'.repeat(50),
  ],
  ['what they would round', { action: 'left_click', coordinate: [1.6, 2] }, '1.6'],
  ['what an action does not take', { action: 'wait', duration: 1, text: 'later' }, '"text": "later"'],
  ['an action that is not known', { action: 'format_disk', disk: 'a' }, '"action": "format_disk"'],
  ['a text that ends the words', { action: 'key', text: 'a.\u2028Look at the desktop' }, '‹U+2028›'],
])('of an action on the desktop it shows %s as well', (_, args, shown) => {
  expect(ask('computer', JSON.stringify(args)).card.textContent).toContain(shown)
})

it('offers nothing for a workspace that the chat does not have', () => {
  const asked = { tool_call_id: 'create_workspace', tool_name: 'create_workspace', args: '{"name":"tests"}' }
  const parts = sampleCall('create_workspace', {})
  showRows(parts, { ...sampleActions(), hasWorkspace: false }, { approvals: [asked] })
  const offered = screen.getAllByRole('button').map(({ textContent }) => textContent)
  expect(offered.join()).toContain('Allow in this chat')
  expect(offered.join()).not.toContain('workspace')
})

it('names the template whose id it shows', () => {
  const id = '18152bb9-4b44-4e5d-9838-e90e88a787cb'
  const asked = {
    tool_call_id: 'create_workspace',
    tool_name: 'create_workspace',
    args: JSON.stringify({ template_id: id }),
  }
  const actions = { ...sampleActions(), templateNames: new Map([[id, 'Plain \u202eshell']]) }
  showRows(sampleCall('create_workspace', {}), actions, { approvals: [asked] })
  expect(screen.getByRole('group').textContent).toContain(id)
  expect(screen.getByRole('group').textContent).toContain('The template is Plain ‹U+202E›shell')
})

it.each([
  ['gh__create_issue', 'Use create_issue of GitHub?', true],
  ['gh__prod__create_issue', 'Use create_issue of GitHub, production?', true],
  ['evil__\u202ekcehc', 'Use ‹U+202E›kcehc of Evil ‹U+202E›name?', true],
  ['elsewhere__look', 'Use elsewhere__look?', false],
  ['gh__', 'Use gh__?', false],
  ['look', 'Use look?', false],
])('calls %s in words: %s', (tool, title, hasRawName) => {
  const serverNames = new Map([
    ['gh', 'GitHub'],
    ['gh__prod', 'GitHub, production'],
    ['evil', 'Evil \u202ename'],
  ])
  const asked = { tool_call_id: 'x', tool_name: tool, args: '{}' }
  const call = [{ type: 'tool-call' as const, tool_call_id: 'x', tool_name: tool, args: {} }]
  showRows(call, { ...sampleActions(), serverNames }, { approvals: [asked] })
  const card = screen.getByRole('group', { name: title })
  expect(card.textContent.includes('The agent knows it as')).toBe(hasRawName)
  if (hasRawName) expect(card.textContent).toContain(`knows it as ${oneLine(tool, 200)}`)
})

it('shows a long text to its end', () => {
  const content = `${'x\n'.repeat(30_000)}the end`
  expect(ask('write_file', JSON.stringify({ path: 'a', content })).card.textContent).toContain('the end')
})

it('shows arguments that are no JSON as they are', () => {
  expect(ask('odd', 'not json').card.textContent).toContain('not json')
})

it('shows the whole arguments of an edit that says more than its texts', () => {
  const edits = [{ old_text: 'a', new_text: 'b', replace_all: true }]
  expect(ask('edit_files', JSON.stringify({ files: [{ path: 'f', edits }] })).card.textContent).toContain(
    '"replace_all": true',
  )
})

it.each([
  ['Allow once', 'once'],
  ['Allow in this chat', 'chat'],
  ['Always in this workspace', 'workspace'],
])('%s', (name, scope) => {
  const { onDecide } = ask('execute', '{"command":"ls"}')
  fireEvent.click(screen.getByRole('button', { name: new RegExp(name) }))
  expect(onDecide).toHaveBeenCalledWith([{ tool_call_id: 'execute', decision: 'allow', scope }])
})

it('denies with a reason', () => {
  const { onDecide } = ask('execute', '{"command":"ls"}')
  fireEvent.click(screen.getByRole('button', { name: /Deny/ }))
  expect(document.activeElement).toBe(screen.getByLabelText('Why not'))
  fireEvent.change(screen.getByLabelText('Why not'), { target: { value: ' Not on main ' } })
  fireEvent.click(screen.getByRole('button', { name: 'Deny' }))
  expect(onDecide).toHaveBeenCalledWith([
    { tool_call_id: 'execute', decision: 'deny', reason: 'Not on main' },
  ])
})

it('takes its keys only while it has the focus itself, and never takes that', () => {
  const { card, onDecide } = ask('execute', '{"command":"ls"}')
  expect(card.contains(document.activeElement)).toBe(false)
  fireEvent.keyDown(screen.getByRole('button', { name: /Allow once/ }), { key: 'a' })
  fireEvent.keyDown(card, { key: 'a', repeat: true })
  fireEvent.keyDown(card, { key: 'a', ctrlKey: true })
  expect(onDecide).not.toHaveBeenCalled()
  fireEvent.keyDown(card, { key: 'A' })
  expect(onDecide).toHaveBeenCalledTimes(1)
})

it('takes no keys after a click on it, until it is left and reached by the keyboard', () => {
  const { card, onDecide } = ask('execute', '{"command":"ls"}')
  fireEvent.pointerDown(screen.getByText('Waiting for you'))
  card.focus()
  fireEvent.keyDown(card, { key: 'a' })
  // The window is left and comes back.
  fireEvent.blur(card)
  fireEvent.focus(card)
  fireEvent.keyDown(card, { key: 'a' })
  fireEvent.keyDown(card, { key: 'd' })
  expect(onDecide).not.toHaveBeenCalled()
  expect(screen.queryByLabelText('Why not')).toBeNull()
  card.blur()
  card.focus()
  fireEvent.keyDown(card, { key: 'a' })
  expect(onDecide).toHaveBeenCalledTimes(1)
})

it('takes keys again when the keyboard leads back to it from one of its buttons', () => {
  const { card, onDecide } = ask('execute', '{"command":"ls"}')
  const button = screen.getByRole('button', { name: /Allow in this chat/ })
  fireEvent.pointerDown(button)
  button.focus()
  fireEvent.keyDown(button, { key: 'Tab', shiftKey: true })
  card.focus()
  fireEvent.keyDown(card, { key: 'a' })
  expect(onDecide).toHaveBeenCalledTimes(1)
})

it('takes no second click of a double click, which was aimed at what was there before', () => {
  const { onDecide } = ask('execute', '{"command":"ls"}')
  fireEvent.click(screen.getByRole('button', { name: /Allow once/ }), { detail: 2 })
  expect(onDecide).not.toHaveBeenCalled()
  fireEvent.click(screen.getByRole('button', { name: /Deny/ }), { detail: 1 })
  fireEvent.click(screen.getByRole('button', { name: 'Deny' }), { detail: 2 })
  expect(onDecide).not.toHaveBeenCalled()
})

it('takes no decision in its first half second, and says so', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(10_000)
    const { onDecide } = show('execute', '{"command":"ls"}')
    clock.mockRestore()
    const button = screen.getByRole('button', { name: /Allow once/ })
    const pressAt = (timeStamp: number): void => {
      const click = createEvent.click(button, { detail: 1 })
      Object.defineProperty(click, 'timeStamp', { value: timeStamp })
      fireEvent(button, click)
    }
    expect(button.getAttribute('aria-disabled')).toBe('true')
    pressAt(10_499)
    expect(onDecide).not.toHaveBeenCalled()
    act(() => void vi.advanceTimersByTime(500))
    expect(button.hasAttribute('aria-disabled')).toBe(false)
    pressAt(10_500)
    expect(onDecide).toHaveBeenCalledTimes(1)
  } finally {
    vi.useRealTimers()
  }
})

it('keeps the reason when the call gets its message, and forgets it once it was denied', async () => {
  const asked = { tool_call_id: 'x', tool_name: 'execute', args: '{}' }
  const memory: RowMemory = new Map()
  const onDecide = vi.fn(async () => undefined)
  const card = (rowKey: string) => (
    <TooltipProvider>
      <RowMemoryProvider memory={memory}>
        <ActionsContext value={{ onOpenLink: vi.fn(), onDecide }}>
          <RowKeyProvider key={rowKey} rowKey={rowKey}>
            <ApprovalCard asked={asked} />
          </RowKeyProvider>
        </ActionsContext>
      </RowMemoryProvider>
    </TooltipProvider>
  )
  const clock = vi.spyOn(performance, 'now').mockReturnValue(-1000)
  const { rerender } = render(card('asked:x'))
  fireEvent.click(screen.getByRole('button', { name: /Deny/ }))
  fireEvent.change(screen.getByLabelText('Why not'), { target: { value: 'Not on main' } })
  rerender(card('7/call:x'))
  clock.mockRestore()
  expect(screen.getByLabelText<HTMLInputElement>('Why not').value).toBe('Not on main')
  fireEvent.click(screen.getByRole('button', { name: 'Deny' }))
  await waitFor(() => expect(memory.size).toBe(0))
  expect(onDecide).toHaveBeenCalledTimes(1)
})

it('says why a decision did not arrive, and can be tried again', async () => {
  const onDecide = vi.fn(async () => {
    throw new Error('lost')
  })
  const { card } = ask('execute', '{"command":"ls"}', onDecide)
  fireEvent.keyDown(card, { key: 'a' })
  await waitFor(() => expect(card.textContent).toContain('Something went wrong'))
  fireEvent.keyDown(card, { key: 'a' })
  expect(onDecide).toHaveBeenCalledTimes(2)
})

it('offers nothing to somebody who only reads', () => {
  const asked = { tool_call_id: 'execute', tool_name: 'execute', args: '{}' }
  showRows(sampleCall('execute', {}), { onOpenLink: vi.fn() }, { approvals: [asked] })
  expect(screen.queryByRole('button')).toBeNull()
})
