import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DictationService } from '#ipc/dictation'
import { answerLater } from '../../testing/chat-composer.tsx'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { ToastHost } from '../../ui/toast-host.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { DictationSettings } from './dictation-settings.tsx'
import { useTypedService } from './service-draft.ts'

beforeEach(() => {
  useTypedService.setState({ typed: undefined })
  useToasts.setState({ toasts: [] })
})

const saved: DictationService = {
  address: 'https://api.openai.com/v1',
  model: 'whisper-1',
  language: '',
  hasKey: true,
}

function show(service: DictationService | null, prepare?: (fake: FakeBridge) => void) {
  const fake = createQuietBridge()
  fake.feed('dictation.watch', () => ({ service, hasSystemDictation: false, isSeen: true }))
  fake.answer('dictation.save', () => null)
  fake.answer('dictation.turnOff', () => null)
  fake.answer('dictation.test', () => ({ milliseconds: 412 }))
  prepare?.(fake)
  const rendered = renderPage(
    <>
      <DictationSettings />
      <ToastHost />
    </>,
    fake,
  )
  return { fake, ...rendered }
}

const field = (name: string) => screen.findByRole<HTMLInputElement>('textbox', { name })
const type = async (name: string, value: string): Promise<void> =>
  void fireEvent.change(await field(name), { target: { value } })
const typeKey = (value: string): void =>
  void fireEvent.change(screen.getByLabelText('Key'), { target: { value } })
const press = async (name: string): Promise<void> =>
  void fireEvent.click(await screen.findByRole('button', { name }))

describe('the service of dictation', () => {
  it('is off until one is entered and turned on', async () => {
    const { fake } = show(null)
    await screen.findByText('Off')
    expect((await screen.findByRole('button', { name: 'Turn on' })).hasAttribute('disabled')).toBe(true)
    await type('Address', ' 127.0.0.1:8080 ')
    await type('Language', 'DE')
    await press('Turn on')
    await screen.findByText('Dictation is on')
    expect(fake.inputsOf('dictation.save')).toEqual([
      { address: '127.0.0.1:8080', model: 'whisper-1', language: 'de', key: { kind: 'none' } },
    ])
    expect(useTypedService.getState().typed).toBeUndefined()
  })

  it('is tested with what is typed, which tells how long it took or what is wrong', async () => {
    const { fake } = show(null)
    await type('Address', 'https://speech.example.com')
    typeKey('sk-1')
    await press('Test')
    await screen.findByText('The service answers: a second of silence took 0.4 s.')
    expect(fake.inputsOf('dictation.test')).toMatchObject([{ key: { kind: 'new', value: 'sk-1' } }])
    fake.answer('dictation.test', () => {
      throw failure<'dictation.test'>('service_refused', 'It wants another key.')
    })
    await press('Test')
    expect((await screen.findByRole('alert')).textContent).toContain('It wants another key.')
    typeKey('sk-2')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('whose test takes long is not waited for', async () => {
    const answer = answerLater<{ milliseconds: number }>()
    show(saved, (fake) => fake.answer('dictation.test', () => answer.answer))
    await press('Test')
    await press('Cancel')
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull())
    expect(screen.queryByRole('alert')).toBeNull()
    answer.resolve({ milliseconds: 1 })
  })

  it('keeps its key where only the rest changes, and never for another address', async () => {
    const { fake } = show(saved)
    await type('Address', 'https://api.openai.com/v2')
    await press('Save')
    await waitFor(() => expect(fake.inputsOf('dictation.save').length).toBe(1))
    await type('Address', 'https://api.openai.com.evil.example/v1')
    await screen.findByText(/saved key is for the address before/)
    await press('Save')
    await waitFor(() => expect(fake.inputsOf('dictation.save').length).toBe(2))
    expect(fake.inputsOf('dictation.save').map(({ key }) => key)).toEqual([
      { kind: 'kept' },
      { kind: 'none' },
    ])
  })

  it('loses its key when that is taken away', async () => {
    const { fake } = show(saved)
    await press('Take it away')
    await press('Save')
    await waitFor(() => expect(fake.inputsOf('dictation.save')).toMatchObject([{ key: { kind: 'none' } }]))
  })

  it('is warned about where others can listen', async () => {
    show(null)
    for (const address of [
      'http://localhost:1',
      'http://[::1]:1',
      'https://a.example',
      '127.0.0.1:1',
      'a.example',
    ]) {
      await type('Address', address)
      expect(screen.queryByText(/not encrypted/), address).toBeNull()
    }
    await type('Address', 'http://192.168.1.7:8080')
    await screen.findByText(/not encrypted/)
  })

  it('says at the field that an address is none, and what is typed stays over a look elsewhere', async () => {
    const { unmount } = show(null, (fake) =>
      fake.answer('dictation.save', () => {
        throw failure<'dictation.save'>('address_unusable', 'This is not an address.')
      }),
    )
    await type('Address', 'nonsense')
    await press('Turn on')
    await screen.findByText('This is not an address.')
    expect((await field('Address')).getAttribute('aria-invalid')).toBe('true')
    unmount()
    show(null)
    expect((await field('Address')).value).toBe('nonsense')
  })

  it('is turned off, or says why not', async () => {
    const { fake } = show(saved, (main) =>
      main.answer('dictation.turnOff', () => {
        throw failure<'dictation.turnOff'>('keychain_locked', 'The keychain is locked.')
      }),
    )
    await press('Turn off')
    expect((await screen.findByRole('alert')).textContent).toContain('The keychain is locked.')
    fake.answer('dictation.turnOff', () => null)
    await press('Turn off')
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })
})
