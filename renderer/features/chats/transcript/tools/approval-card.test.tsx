import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { sampleActions, sampleCall, showRows } from '../../../../testing/transcript-samples.tsx'

function ask(tool: string, args: string, onDecide = vi.fn(async () => undefined)) {
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
