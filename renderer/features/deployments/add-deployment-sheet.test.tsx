import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment } from '../../testing/wire-samples.ts'
import { AddDeploymentSheet } from './add-deployment-sheet.tsx'

const found = {
  url: 'https://coder.acme.dev',
  version: 'v2.31.0',
  tokenPageUrl: 'https://coder.acme.dev/cli-auth',
  insecure: false,
  hasFirstUser: true,
  methods: { password: true, browser: false },
  tooOld: null,
}

function show(fake: FakeBridge) {
  const onOpenChange = vi.fn()
  return { ...renderPage(<AddDeploymentSheet open onOpenChange={onOpenChange} />, fake), onOpenChange }
}

const address = () => screen.findByRole('textbox', { name: 'Address' })
const token = () => screen.getByLabelText('Session token')
const type = (input: HTMLElement, value: string): void => void fireEvent.change(input, { target: { value } })
const submit = (): void => void fireEvent.click(screen.getByRole('button', { name: 'Add deployment' }))

describe('adding a deployment', () => {
  it.each([
    ['invalid_url', /not a web address/],
    ['not_coder', /does not answer like Coder/],
    ['unreachable', /^coder.acme.dev cannot be found\.$/],
  ] as const)('says its own sentence for %s, beside the address', async (code, words) => {
    const fake = createQuietBridge()
    fake.answer('deployments.probe', () => {
      throw failure<'deployments.probe'>(code, 'coder.acme.dev cannot be found.')
    })
    show(fake)
    const input = await address()
    type(input, 'coder.acme.dev')
    fireEvent.blur(input)
    expect(await screen.findByText(words)).toBeTruthy()
  })

  it('names the version and warns about an open connection', async () => {
    const fake = createQuietBridge()
    fake.answer('deployments.probe', () => ({ ...found, insecure: true }))
    show(fake)
    const input = await address()
    type(input, 'http://coder.acme.dev')
    fireEvent.blur(input)
    expect(await screen.findByText(/Coder v2.31.0 at coder.acme.dev/)).toBeTruthy()
    expect(screen.getByText(/not encrypted/)).toBeTruthy()
  })

  it('keeps address and token when the token is refused, and adds with a better one', async () => {
    const fake = createQuietBridge()
    fake.answer('deployments.probe', () => found)
    fake.answer('deployments.add', () => {
      throw failure<'deployments.add'>('token_refused', 'Refused.')
    })
    const { onOpenChange } = show(fake)
    const input = await address()
    type(input, 'https://coder.acme.dev')
    fireEvent.blur(input)
    await screen.findByText(/Coder v2.31.0/)
    type(token(), 'bad-token')
    submit()
    expect(await screen.findByText(/does not accept this token/)).toBeTruthy()
    expect(token()).toHaveProperty('value', 'bad-token')
    fake.answer('deployments.add', () => sampleDeployment({ id: 'acme', name: 'acme' }))
    type(token(), 'good-token')
    submit()
    await waitFor(() => expect(onOpenChange).toHaveBeenCalledWith(false))
    expect(fake.inputsOf('deployments.add').at(-1)).toEqual({
      url: 'https://coder.acme.dev',
      credential: { kind: 'token', token: 'good-token' },
      name: '',
    })
  })

  it('asks for the token before it sends anything', async () => {
    const fake = createQuietBridge()
    fake.answer('deployments.probe', () => found)
    show(fake)
    const input = await address()
    type(input, 'https://coder.acme.dev')
    fireEvent.blur(input)
    await screen.findByText(/Coder v2.31.0/)
    submit()
    expect(await screen.findByText(/Paste the token/)).toBeTruthy()
    expect(fake.inputsOf('deployments.add')).toEqual([])
  })

  it('offers to unlock a locked keychain', async () => {
    const fake = createQuietBridge()
    fake.answer('deployments.probe', () => found)
    fake.answer('deployments.add', () => {
      throw failure<'deployments.add'>('keychain_locked', 'Locked.')
    })
    fake.answer('keychain.unlock', () => ({ kind: 'works', backend: 'GNOME Keyring' }))
    show(fake)
    const input = await address()
    type(input, 'https://coder.acme.dev')
    fireEvent.blur(input)
    await screen.findByText(/Coder v2.31.0/)
    type(token(), 'token')
    submit()
    fireEvent.click(await screen.findByRole('button', { name: 'Unlock keychain' }))
    await waitFor(() => expect(fake.inputsOf('keychain.unlock')).toHaveLength(1))
  })

  it('asks for consent to memory on the spot where there is no keychain, and keeps what was typed', async () => {
    const fake = createQuietBridge()
    fake.answer('deployments.probe', () => found)
    fake.answer('deployments.add', () => {
      throw failure<'deployments.add'>('keychain_absent', 'None.')
    })
    fake.answer('keychain.useMemory', () => ({ kind: 'memory', reason: 'As agreed.' }))
    show(fake)
    const input = await address()
    type(input, 'https://coder.acme.dev')
    fireEvent.blur(input)
    await screen.findByText(/Coder v2.31.0/)
    type(token(), 'token')
    submit()
    fireEvent.click(await screen.findByRole('button', { name: 'Work without it…' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Keep them in memory' }))
    await waitFor(() => expect(fake.inputsOf('keychain.useMemory')).toEqual([{ consent: true }]))
    expect((token() as HTMLInputElement).value).toBe('token')
  })
})
