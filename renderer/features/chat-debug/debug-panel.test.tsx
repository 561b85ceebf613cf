import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatDebugRun } from '#bridge/contract/chats-debug'
import { sampleChat } from '../../testing/chat-samples.ts'
import { sampleDebugLogging, sampleDebugRun, sampleDebugStep } from '../../testing/debug-samples.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment, sampleId } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { DebugPanel } from './debug-panel.tsx'
import { useDebugSettingsShown } from './use-debug.ts'

const chat = sampleChat({ id: sampleId(3) })

beforeEach(() => {
  // happy-dom lays nothing out, and the virtualizer paints only what has room.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800)
})

function show(runs: readonly ChatDebugRun[], prepare?: (fake: FakeBridge) => void) {
  const fake = createQuietBridge()
  fake.answer('chatDebug.logging', () => sampleDebugLogging())
  fake.answer('chatDebug.runs', () => [...runs])
  fake.answer('chatDebug.run', ({ runId }) => {
    const found = runs.find(({ id }) => id === runId)
    if (!found) throw failure('not_found', 'No such run.')
    return found
  })
  prepare?.(fake)
  return { fake, ...renderPage(<DebugPanel deployment={sampleDeployment()} chat={chat} />, fake) }
}
const open = async (name: RegExp) => fireEvent.click(await screen.findByRole('button', { name }))

describe('the runs of a chat', () => {
  it('are listed with what they were for, how they went and what they used', async () => {
    show([
      sampleDebugRun(),
      sampleDebugRun({ id: sampleId(91), kind: 'title_generation', status: 'error' }),
      sampleDebugRun({ id: sampleId(94), kind: 'of_the_future', status: 'sleeping', summary: {} }),
    ])
    const list = await screen.findByRole('list', { name: 'Debug runs' })
    const rows = within(list).getAllByRole('listitem')
    expect(rows[0]?.textContent).toMatch(/Turn.*Done.*anthropic \/ large-1.*2\.1 s.*2,000 tokens in, 40 out/)
    expect(rows[1]?.textContent).toMatch(/Title.*Failed/)
    expect(rows[2]?.textContent).toMatch(/of_the_future.*sleeping/)
    expect(rows[2]?.textContent).not.toContain('tokens')
  })

  it('show their steps, with request and response as text that is searched', async () => {
    show([sampleDebugRun()])
    await open(/^Turn/)
    await open(/^Step 1/)
    const request = await screen.findByRole('region', { name: 'Request' })
    await within(request).findByText(/Mend the login test/)
    fireEvent.click(within(request).getByRole('button', { name: 'Search the log' }))
    fireEvent.change(within(request).getByRole('textbox', { name: 'Search the log' }), {
      target: { value: 'execute' },
    })
    expect(request.querySelectorAll('mark')).toHaveLength(1)
    fireEvent.click(screen.getByRole('button', { name: 'Response' }))
    const response = await screen.findByRole('region', { name: 'Response' })
    await within(response).findByText(/It is mended/)
    expect(within(response).getByText(/end_turn/)).toBeTruthy()
  })

  it('tell of attempts and errors', async () => {
    const step = sampleDebugStep({
      status: 'error',
      normalized_response: null,
      error: { message: 'The model is overloaded.', detail: 'Overloaded for long', kind: 'overloaded' },
      attempts: [
        { number: 1, status: 'error', response_status: 529, error: 'Overloaded', retry_delay_ms: 1000 },
        { number: 2, status: 'error', response_status: 529, error: 'Overloaded for long' },
      ],
    })
    show([sampleDebugRun({ status: 'error', steps: [step] })])
    await open(/^Turn/)
    await open(/^Step 1.*2 attempts/)
    expect((await screen.findByRole('alert')).textContent).toContain('The model is overloaded.')
    const attempts = within(screen.getByRole('list', { name: 'Attempts' })).getAllByRole('listitem')
    expect(attempts[0]?.textContent).toMatch(/HTTP 529.*Overloaded.*tried again after 1\.0 s/)
    fireEvent.click(screen.getByRole('button', { name: 'Response' }))
    await screen.findByText('The model said nothing.')
  })

  it('show what a deployment hides in its text', async () => {
    const text = 'a\u202Eb\u001B[31mc'
    const step = sampleDebugStep({ normalized_request: { text } })
    show([sampleDebugRun({ model: 'big\u202Eone', steps: [step] })])
    await screen.findByText(/big‹U\+202E›one/)
    await open(/^Turn/)
    await open(/^Step 1/)
    await screen.findByText(/a‹U\+202E›b\\u001b\[31mc/)
  })

  it('are exported as they are', async () => {
    const { fake } = show([sampleDebugRun()], (bridge) =>
      bridge.answer('chatDebug.exportRun', () => ({ saved: true })),
    )
    await open(/^Turn/)
    await open(/^Export as JSON/)
    await waitFor(() => expect(useToasts.getState().toasts.at(-1)?.title).toBe('The run is exported'))
    expect(fake.inputsOf('chatDebug.exportRun')).toEqual([
      { deploymentId: sampleDeployment().id, chatId: chat.id, runId: sampleId(90) },
    ])
    fake.answer('chatDebug.exportRun', () => {
      throw failure<'chatDebug.exportRun'>('not_saved', 'The run was not saved. The disk is full.')
    })
    await open(/^Export as JSON/)
    await waitFor(() =>
      expect(useToasts.getState().toasts.at(-1)?.detail).toBe('The run was not saved. The disk is full.'),
    )
  })

  it('are read again once the chat has gone on, and when that is asked for', async () => {
    function Page() {
      const [steps, setSteps] = useState(0)
      const updated_at = new Date(Date.parse(chat.updated_at) + steps).toISOString()
      return (
        <>
          <button type="button" onClick={() => setSteps(steps + 1)}>
            Go on
          </button>
          <DebugPanel deployment={sampleDeployment()} chat={{ ...chat, updated_at }} />
        </>
      )
    }
    const fake = createQuietBridge()
    fake.answer('chatDebug.logging', () => sampleDebugLogging())
    fake.answer('chatDebug.runs', () => [sampleDebugRun()])
    renderPage(<Page />, fake)
    await screen.findByText('Turn')
    expect(fake.inputsOf('chatDebug.runs')).toHaveLength(1)
    await open(/^Go on/)
    await waitFor(() => expect(fake.inputsOf('chatDebug.runs')).toHaveLength(2))
    await open(/^Read the runs again/)
    await waitFor(() => expect(fake.inputsOf('chatDebug.runs')).toHaveLength(3))
  })
})

it('follows a run that is under way to its end', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const { fake } = show([sampleDebugRun({ status: 'in_progress' })])
    await screen.findByText('Under way')
    fake.answer('chatDebug.runs', () => [sampleDebugRun()])
    act(() => void vi.advanceTimersByTime(2000))
    await screen.findByText('Done')
    const { length } = fake.inputsOf('chatDebug.runs')
    act(() => void vi.advanceTimersByTime(10_000))
    expect(fake.inputsOf('chatDebug.runs')).toHaveLength(length)
  } finally {
    vi.useRealTimers()
  }
})

describe('without runs, the panel', () => {
  it('leads to the settings where debug logging is off', async () => {
    const { actions } = show([], (fake) =>
      fake.answer('chatDebug.logging', () => sampleDebugLogging({ debug_logging_enabled: false })),
    )
    await screen.findByText('Debug logging is off')
    await open(/^Open the settings/)
    expect(actions.goToSettings).toHaveBeenCalledWith('agents')
    expect(useDebugSettingsShown.getState().isShown).toBe(true)
  })

  it('says when there will be some', async () => {
    show([])
    await screen.findByText('Nothing is written down yet')
  })

  it('says why they cannot be read, and tries again', async () => {
    const { fake } = show([], (bridge) =>
      bridge.answer('chatDebug.runs', () => {
        throw failure('unreachable', 'acme does not answer.')
      }),
    )
    await screen.findByText('acme does not answer.')
    fake.answer('chatDebug.runs', () => [sampleDebugRun()])
    await open(/^Try again/)
    await screen.findByText('Turn')
  })
})
