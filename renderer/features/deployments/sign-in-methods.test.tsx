import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { SignInMethods } from '#ipc/sign-in-input'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment } from '../../testing/wire-samples.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { AddDeploymentSheet } from './add-deployment-sheet.tsx'
import { DeploymentsSettings } from './deployments-settings.tsx'
import { SignInDialog } from './sign-in-dialog.tsx'

const url = 'https://coder.acme.dev'
const acme = sampleDeployment({ id: 'acme', name: 'Acme', kind: 'remote', url })
const both: SignInMethods = { password: true, browser: true }

const type = (label: string, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string | RegExp): void => void fireEvent.click(screen.getByRole('button', { name }))
const never = () => new Promise<never>(() => undefined)

async function showSheet(methods: SignInMethods, fake: FakeBridge = createQuietBridge()) {
  fake.answer('deployments.probe', () => ({
    ...{ url, version: 'v2.31.0', tokenPageUrl: `${url}/cli-auth`, insecure: false },
    ...{ hasFirstUser: true, methods, tooOld: null },
  }))
  const onOpenChange = vi.fn()
  renderPage(<AddDeploymentSheet open onOpenChange={onOpenChange} />, fake)
  const address = await screen.findByRole('textbox', { name: 'Address' })
  fireEvent.change(address, { target: { value: url } })
  fireEvent.blur(address)
  await screen.findByText(/Coder v2.31.0/)
  return { fake, onOpenChange }
}
const ways = () => within(screen.getByRole('group', { name: 'Sign in with' })).getAllByRole('button')

describe('adding a deployment', () => {
  it('offers the ways it has, the browser first, and no choice where there is none', async () => {
    await showSheet(both)
    expect(ways().map(({ textContent }) => textContent)).toEqual(['Browser', 'Token', 'Password'])
    expect(screen.queryByLabelText('Session token')).toBeNull()
    expect(screen.getByText(/never sees your password/)).toBeTruthy()
  })

  it('shows the token alone where there is no other way', async () => {
    await showSheet({ password: false, browser: false })
    expect(screen.queryByRole('group', { name: 'Sign in with' })).toBeNull()
    expect(screen.getByLabelText('Session token')).toBeTruthy()
  })

  it('does not take a token away that was typed before the deployment answered', async () => {
    const fake = createQuietBridge()
    fake.answer('deployments.probe', never)
    renderPage(<AddDeploymentSheet open onOpenChange={vi.fn()} />, fake)
    const address = await screen.findByRole('textbox', { name: 'Address' })
    type('Session token', 'typed')
    fake.answer('deployments.probe', () => ({
      ...{ url, version: 'v2.31.0', tokenPageUrl: `${url}/cli-auth`, insecure: false },
      ...{ hasFirstUser: true, methods: both, tooOld: null },
    }))
    fireEvent.change(address, { target: { value: url } })
    fireEvent.blur(address)
    await screen.findByText(/Coder v2.31.0/)
    expect(screen.getByLabelText('Session token')).toHaveProperty('value', 'typed')
  })

  it('asks for email and password, keeps both when they are refused, and says why under the password', async () => {
    const { fake } = await showSheet(both)
    fake.answer('deployments.add', () => {
      throw failure<'deployments.add'>('password_refused', 'Not this email and password.')
    })
    press('Password')
    press('Add deployment')
    expect(screen.getByText('Enter the email of your account.')).toBeTruthy()
    expect(fake.inputsOf('deployments.add')).toEqual([])
    type('Email', 'ada@example.com')
    type('Password', 'secret')
    press('Add deployment')
    expect(await screen.findByText('Not this email and password.')).toBeTruthy()
    expect(screen.getByLabelText('Password')).toHaveProperty('value', 'secret')
    expect(fake.inputsOf('deployments.add')).toEqual([
      { url, name: '', credential: { kind: 'password', email: 'ada@example.com', password: 'secret' } },
    ])
    press('Token')
    press('Password')
    expect(screen.getByLabelText('Email')).toHaveProperty('value', 'ada@example.com')
  })

  it('waits for the browser with what helps when it did not open, and can be cancelled', async () => {
    const { fake, onOpenChange } = await showSheet(both)
    fake.answer('deployments.add', never)
    fake.answer('deployments.openSignInPage', () => null)
    fake.answer('deployments.copySignInAddress', () => null)
    press('Sign in and add')
    expect(await screen.findByText('Waiting for your browser…')).toBeTruthy()
    const [sent] = fake.inputsOf('deployments.add')
    const attemptId = sent?.credential.kind === 'browser' ? sent.credential.attemptId : ''
    press('Open again')
    press('Copy address')
    await screen.findByRole('button', { name: 'Address copied' })
    expect(fake.inputsOf('deployments.openSignInPage')).toEqual([{ attemptId }])
    expect(fake.inputsOf('deployments.copySignInAddress')).toEqual([{ attemptId }])
    const notice = screen.getByText('Waiting for your browser…').closest('[role=status]') as HTMLElement
    fireEvent.click(within(notice).getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.queryByText('Waiting for your browser…')).toBeNull())
    expect(onOpenChange).not.toHaveBeenCalled()

    fake.answer('deployments.add', () => {
      throw failure<'deployments.add'>('sign_in_refused', 'The sign-in was declined in the browser.')
    })
    press('Sign in and add')
    expect(await screen.findByText('The sign-in was declined in the browser.')).toBeTruthy()
    expect(fake.inputsOf('deployments.add').at(-1)?.credential).not.toEqual({ kind: 'browser', attemptId })
  })
})

describe('signing in again', () => {
  it('looks at the ways first, then signs in with the browser', async () => {
    const fake = createQuietBridge()
    const onClose = vi.fn()
    fake.answer('deployments.signInMethods', () => both)
    fake.answer('deployments.signIn', () => null)
    renderPage(<SignInDialog deployment={acme} onClose={onClose} />, fake)
    expect(await screen.findByText(/Looking at how/)).toBeTruthy()
    await screen.findByRole('group', { name: 'Sign in with' })
    press('Sign in')
    await waitFor(() => expect(onClose).toHaveBeenCalled())
    expect(fake.inputsOf('deployments.signIn')).toEqual([
      { deploymentId: 'acme', credential: { kind: 'browser', attemptId: expect.any(String) } },
    ])
  })

  it('takes a token where the deployment does not tell', async () => {
    const fake = createQuietBridge()
    fake.answer('deployments.signInMethods', () => {
      throw failure<'deployments.signInMethods'>('unreachable', 'No.')
    })
    renderPage(<SignInDialog deployment={acme} onClose={vi.fn()} />, fake)
    expect(await screen.findByLabelText('Session token')).toBeTruthy()
  })
})

describe('signing out', () => {
  it.each([
    [true, 'You are signed out of Acme'],
    [false, 'You are signed out of Acme on this computer'],
  ])('says how it went: %s', async (isEnded, words) => {
    const fake = createQuietBridge()
    fake.feed('deployments.watch', () => ({ activeId: 'acme', deployments: [acme] }))
    fake.answer('deployments.signOut', () => ({ isEnded }))
    renderPage(
      <>
        <DeploymentsSettings />
        <ToastHost />
      </>,
      fake,
    )
    fireEvent.click(await screen.findByRole('button', { name: 'More for Acme' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }))
    expect(await screen.findByText(words)).toBeTruthy()
    expect(fake.inputsOf('deployments.signOut')).toEqual([{ deploymentId: 'acme' }])
  })
})
