import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { dictationPieceBytes } from '#ipc/dictation-limits'
import {
  answerLater,
  composedPlace,
  messageBox,
  resetComposerBeforeEach,
  showComposer,
  writeMessage,
} from '../../../testing/chat-composer.tsx'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { installFakeMicrophone, type FakeMicrophone } from '../../../testing/fake-microphone.ts'
import { drafts } from './draft-store.ts'
import { insertDictated } from './insert-dictated.ts'

resetComposerBeforeEach()
let microphone: FakeMicrophone
beforeEach(() => {
  microphone = installFakeMicrophone()
})

const service = { address: 'http://127.0.0.1:8080', model: 'whisper-1', language: '', hasKey: false }

function show(prepare?: (fake: FakeBridge) => void, chat: Parameters<typeof showComposer>[0] = {}) {
  return showComposer(chat, (fake) => {
    fake.feed('dictation.watch', () => ({ service, hasSystemDictation: false, isSeen: true }))
    fake.answer('dictation.allowMicrophone', () => null)
    fake.answer('dictation.transcribe', ({ isLast }) => (isLast ? { text: 'and tests' } : {}))
    prepare?.(fake)
  })
}

const button = (name: string | RegExp) => screen.findByRole('button', { name })
/** Begins, and hears so much. */
async function record(seconds: number, peak?: number): Promise<void> {
  fireEvent.click(await button('Dictate'))
  await screen.findByText('Recording')
  act(() => microphone.hear(seconds, peak))
}
const placeCaret = (field: HTMLTextAreaElement, at: number): void => field.setSelectionRange(at, at)

describe('a dictation', () => {
  it('lands at the caret, whatever is typed meanwhile, and the device is given back at once', async () => {
    const written = answerLater<{ text: string }>()
    const { fake } = show((main) => main.answer('dictation.transcribe', () => written.answer))
    await writeMessage('Write code now')
    await record(3)
    expect(microphone.isOpen).toBe(true)
    expect(screen.getByRole('timer').textContent).toBe('0:03')
    expect((await button('End the dictation')).getAttribute('aria-pressed')).toBe('true')
    fireEvent.click(await button('Done'))
    expect(microphone.isOpen).toBe(false)
    await screen.findByText('Writing out what you said')
    const field = await writeMessage('Write code now, please')
    placeCaret(field, 10)
    await act(async () => written.resolve({ text: 'and tests' }))
    await waitFor(() => expect(field.value).toBe('Write code and tests now, please'))
    await waitFor(() => expect(field.selectionStart).toBe('Write code and tests'.length))
    expect(screen.queryByRole('group', { name: 'Dictation' })).toBeNull()
    const [input] = fake.inputsOf('dictation.transcribe')
    expect(input).toMatchObject({ at: 0, isLast: true })
    const wav = atob(input?.piece ?? '')
    expect(wav.slice(0, 4)).toBe('RIFF')
    expect(wav.length).toBe(44 + 3 * 32_000)
    expect(fake.inputsOf('chats.send')).toEqual([])
  })

  it('goes to main in pieces', async () => {
    const { fake } = show()
    await record(20)
    fireEvent.click(await button('Done'))
    await waitFor(() => expect(drafts.read(composedPlace).draft.text).toBe('and tests'))
    const inputs = fake.inputsOf('dictation.transcribe')
    expect(inputs.map(({ at, isLast }) => [at, isLast])).toEqual([
      [0, false],
      [dictationPieceBytes, true],
    ])
    expect(new Set(inputs.map(({ recordingId }) => recordingId)).size).toBe(1)
  })

  it('is ended by a second press, and by the key that sends, which sends nothing then', async () => {
    const { fake } = show()
    const field = await writeMessage('Hello')
    await record(1)
    fireEvent.click(await button('End the dictation'))
    await waitFor(() => expect(field.value).toBe('Hello and tests'))
    await record(1)
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(field.value).toBe('Hello and tests and tests'))
    expect(fake.inputsOf('chats.send')).toEqual([])
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
  })

  it('ends when the window is not seen any more', async () => {
    const { fake } = show()
    await record(1)
    act(() => fake.push('dictation.watch', { service, hasSystemDictation: false, isSeen: false }))
    await waitFor(() => expect(microphone.isOpen).toBe(false))
    await waitFor(() => expect(drafts.read(composedPlace).draft.text).toBe('and tests'))
  })

  it('is discarded by Escape before the agent is stopped, with a way back', async () => {
    const { fake } = show(undefined, { chat: { status: 'running' } })
    const field = await messageBox()
    await record(2)
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(microphone.isOpen).toBe(false)
    expect(screen.queryByText('Recording')).toBeNull()
    expect(fake.inputsOf('chats.interrupt')).toEqual([])
    expect(fake.inputsOf('dictation.transcribe')).toEqual([])
    fireEvent.click(await button('Write it out'))
    await waitFor(() => expect(field.value).toBe('and tests'))
  })

  it('ends after five minutes by itself, and says so before', async () => {
    show()
    await record(275)
    expect(screen.getByRole('timer').textContent).toBe('Ends in 0:25')
    act(() => microphone.hear(26))
    expect(microphone.isOpen).toBe(false)
    await waitFor(() => expect(drafts.read(composedPlace).draft.text).toBe('and tests'))
  })

  it('ends where its page is left, and lands in the draft that was left', async () => {
    const { unmount, fake } = show()
    await writeMessage('Write code')
    await record(2)
    unmount()
    expect(microphone.isOpen).toBe(false)
    await waitFor(() => expect(drafts.read(composedPlace).draft.text).toBe('Write code and tests'))
    expect(fake.inputsOf('dictation.transcribe').length).toBe(1)
  })

  it('is written out as far as it went when the microphone is unplugged', async () => {
    show()
    await record(2)
    act(() => microphone.unplug())
    await screen.findByText('The microphone is gone')
    await waitFor(() => expect(drafts.read(composedPlace).draft.text).toBe('and tests'))
  })
})

describe('a dictation that fails', () => {
  it('keeps what was said, to be tried again', async () => {
    const { fake } = show((main) =>
      main.answer('dictation.transcribe', () => {
        throw failure<'dictation.transcribe'>('service_unreachable', 'Nothing listens there.')
      }),
    )
    await record(2)
    fireEvent.click(await button('Done'))
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('Nothing listens there. The recording is kept.')
    expect((await button('Dictate')).hasAttribute('disabled')).toBe(true)
    fake.answer('dictation.transcribe', () => ({ text: 'and tests' }))
    fireEvent.click(await button('Try again'))
    await waitFor(() => expect(drafts.read(composedPlace).draft.text).toBe('and tests'))
    expect(screen.queryByRole('alert')).toBeNull()
    expect(microphone.opened).toBe(1)
  })

  it('is discarded, or leads to the settings, which keeps it', async () => {
    const { actions } = show((main) =>
      main.answer('dictation.transcribe', () => {
        throw failure<'dictation.transcribe'>('service_refused', 'Another key is wanted.')
      }),
    )
    await record(2)
    fireEvent.click(await button('Done'))
    fireEvent.click(await button('Settings'))
    expect(actions.goToSettings).toHaveBeenCalledWith('dictation')
    fireEvent.click(await button('Discard'))
    expect(screen.queryByRole('alert')).toBeNull()
    expect((await button('Dictate')).hasAttribute('disabled')).toBe(false)
  })

  it('is kept when the writing out is given up', async () => {
    const written = answerLater<{ text: string }>()
    show((main) => main.answer('dictation.transcribe', () => written.answer))
    await record(2)
    fireEvent.click(await button('Done'))
    await screen.findByText('Writing out what you said')
    fireEvent.click(await button('Cancel'))
    await screen.findByText(/What you said is not written out\. The recording is kept/)
    await act(async () => written.resolve({ text: 'too late' }))
    expect(drafts.read(composedPlace).draft.text).toBe('')
  })

  it.each([
    [0.001, 'Nothing was heard.'],
    [0.5, 'found no words'],
  ])('says what became of silence (%d)', async (peak, words) => {
    const { fake } = show((main) => main.answer('dictation.transcribe', () => ({ text: '' })))
    await record(2, peak)
    fireEvent.click(await button('Done'))
    expect((await screen.findByRole('alert')).textContent).toContain(words)
    expect(fake.inputsOf('dictation.transcribe').length).toBe(peak > 0.1 ? 1 : 0)
  })

  it.each([
    ['NotFoundError', 'There is no microphone.'],
    ['NotAllowedError', 'The microphone was refused.'],
    ['NotReadableError', 'Another program may hold it'],
  ])('says what a microphone lacks: %s', async (name, words) => {
    show()
    microphone.refusal = name
    fireEvent.click(await button('Dictate'))
    expect((await screen.findByRole('alert')).textContent).toContain(words)
    microphone.refusal = undefined
    fireEvent.click(await button('Try again'))
    await screen.findByText('Recording')
  })

  it('opens no device that main does not allow', async () => {
    show((main) =>
      main.answer('dictation.allowMicrophone', () => {
        throw failure<'dictation.allowMicrophone'>('microphone_refused', 'The system says no.')
      }),
    )
    fireEvent.click(await button('Dictate'))
    expect((await screen.findByRole('alert')).textContent).toContain('The system says no.')
    expect(microphone.opened).toBe(0)
    fireEvent.click(await button('Close'))
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('gives back a device that opens after it was given up', async () => {
    show()
    const release = microphone.hold()
    fireEvent.click(await button('Dictate'))
    await screen.findByText('Opening the microphone')
    fireEvent.click(await button('Cancel'))
    await act(async () => release())
    await waitFor(() => expect(microphone.opened).toBe(1))
    await waitFor(() => expect(microphone.isOpen).toBe(false))
    expect(screen.queryByRole('group', { name: 'Dictation' })).toBeNull()
  })
})

describe('where dictation is not set up', () => {
  it('there is no microphone, and the menu leads to the settings', async () => {
    const { actions } = showComposer()
    fireEvent.click(await button('Attach, plan first, and more'))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Dictation…' }))
    expect(actions.goToSettings).toHaveBeenCalledWith('dictation')
    expect(screen.queryByRole('button', { name: 'Dictate' })).toBeNull()
    expect(screen.queryByRole('menuitem', { name: 'Dictate with macOS' })).toBeNull()
  })

  it('macOS writes into the text by its own', async () => {
    const { fake } = showComposer({}, (main) => {
      main.feed('dictation.watch', () => ({ service: null, hasSystemDictation: true, isSeen: true }))
      main.answer('dictation.startSystemDictation', () => null)
    })
    const field = await messageBox()
    fireEvent.click(await button('Attach, plan first, and more'))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Dictate with macOS' }))
    await waitFor(() => expect(fake.inputsOf('dictation.startSystemDictation')).toEqual([{}]))
    expect(document.activeElement).toBe(field)
  })
})

describe('what was said in a place that is not shown', () => {
  it.each([
    ['', 'One', 'One'],
    ['One', 'two', 'One two'],
    ['One ', 'two', 'One two'],
    ['One\n', 'Two', 'One\nTwo'],
  ])('goes to the end of %j', (text, said, whole) => {
    drafts.change(composedPlace, (draft) => ({ ...draft, text }))
    insertDictated(composedPlace, said)
    expect(drafts.read(composedPlace).draft.text).toBe(whole)
  })
})
