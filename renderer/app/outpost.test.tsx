import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../testing/fake-bridge.ts'
import { createQuietBridge, renderWindow } from '../testing/render-app.tsx'
import { sampleDeployment, sampleId, sampleSettings, sampleWorkspace } from '../testing/wire-samples.ts'

beforeEach(() => localStorage.clear())

const acme = sampleDeployment({ id: 'acme', kind: 'remote', name: 'acme', url: 'https://coder.acme.dev' })

describe('the window', () => {
  it('opens on the list of the shown deployment, with counts and pinned workspaces in the rail', async () => {
    const fake = createQuietBridge()
    fake.feed('workspaces.watchList', () => ({ workspaces: [sampleWorkspace({ favorite: true })], count: 1 }))
    renderWindow(fake, '/')
    await screen.findByRole('heading', { name: 'Workspaces' })
    const rail = screen.getByRole('navigation', { name: 'Main' })
    expect(await within(rail).findByRole('link', { name: /payments-api/ })).toBeTruthy()
  })

  it('sends an unknown address to the list', async () => {
    renderWindow(createQuietBridge(), '/no/such/page')
    await screen.findByRole('heading', { name: 'Workspaces' })
  })

  it('says why a deployment cannot be reached and retries on demand', async () => {
    const fake = createQuietBridge()
    const state = {
      kind: 'unreachable',
      reason: 'No route to coder.acme.dev.',
      retryAt: Date.now() + 30_000,
    } as const
    fake.feed('deployments.watch', () => ({ activeId: 'acme', deployments: [{ ...acme, state }] }))
    fake.answer('deployments.retry', () => null)
    renderWindow(fake, '/workspaces')
    await screen.findByText(/No route to coder.acme.dev/)
    fireEvent.click(screen.getByRole('button', { name: 'Retry now' }))
    await waitFor(() => expect(fake.inputsOf('deployments.retry')).toEqual([{ deploymentId: 'acme' }]))
  })

  it('asks again for what failed once the deployment is back', async () => {
    const fake = createQuietBridge()
    const away = { kind: 'unreachable', reason: 'Away.', retryAt: null } as const
    fake.feed('deployments.watch', () => ({ activeId: 'acme', deployments: [{ ...acme, state: away }] }))
    fake.feed('workspaces.watchList', () => {
      throw failure('unreachable', 'Away for now.')
    })
    renderWindow(fake, '/workspaces')
    await screen.findByText('Away for now.')
    fake.feed('workspaces.watchList', () => ({ workspaces: [], count: 0 }))
    act(() => fake.push('deployments.watch', { activeId: 'acme', deployments: [acme] }))
    await screen.findByText('No workspaces on acme yet')
  })

  it('signs in again from the banner', async () => {
    const fake = createQuietBridge()
    const state = { kind: 'signed_out', reason: 'The token has expired.' } as const
    fake.feed('deployments.watch', () => ({ activeId: 'acme', deployments: [{ ...acme, state }] }))
    fake.answer('deployments.signIn', () => null)
    renderWindow(fake, '/workspaces')
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in again' }))
    const dialog = await screen.findByRole('dialog', { name: 'Sign in to acme' })
    fireEvent.change(await within(dialog).findByLabelText('Session token'), { target: { value: 'fresh' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Sign in' }))
    await waitFor(() =>
      expect(fake.inputsOf('deployments.signIn')).toEqual([
        { deploymentId: 'acme', credential: { kind: 'token', token: 'fresh' } },
      ]),
    )
  })

  it('asks for consent before secrets are kept in memory', async () => {
    const fake = createQuietBridge()
    fake.feed('keychain.watch', () => ({ kind: 'locked', backend: 'GNOME Keyring' }))
    fake.answer('keychain.useMemory', () => ({ kind: 'memory', reason: 'Agreed.' }))
    renderWindow(fake, '/workspaces')
    fireEvent.click(await screen.findByRole('button', { name: 'Work without it…' }))
    const dialog = await screen.findByRole('alertdialog')
    expect(dialog.textContent).toContain('memory only')
    expect(fake.inputsOf('keychain.useMemory')).toEqual([])
    fireEvent.click(within(dialog).getByRole('button', { name: 'Keep them in memory' }))
    await waitFor(() => expect(fake.inputsOf('keychain.useMemory')).toEqual([{ consent: true }]))
  })

  it('says what happened to stored files until it is dismissed', async () => {
    const fake = createQuietBridge()
    const message = 'The settings file could not be read. It was set aside.'
    fake.feed('settings.watch', () => ({ settings: sampleSettings(), notices: [{ id: 'one', message }] }))
    fake.answer('settings.dismissNotice', () => null)
    renderWindow(fake, '/workspaces')
    await screen.findByText(message)
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }))
    await waitFor(() => expect(fake.inputsOf('settings.dismissNotice')).toEqual([{ id: 'one' }]))
  })

  it('switches deployments and leaves a page that belongs to the old one', async () => {
    const fake = createQuietBridge()
    fake.feed('deployments.watch', () => ({ activeId: 'local', deployments: [sampleDeployment(), acme] }))
    fake.feed('workspaces.watch', () => sampleWorkspace())
    renderWindow(fake, `/workspaces/local/${sampleId(2)}`)
    await screen.findByRole('heading', { name: 'payments-api' })
    fireEvent.click(screen.getByRole('button', { name: /Deployment/ }))
    fireEvent.click(await screen.findByText('acme'))
    await waitFor(() =>
      expect(fake.inputsOf('deployments.setActive').at(-1)).toEqual({ deploymentId: 'acme' }),
    )
    await screen.findByRole('heading', { name: 'Workspaces' })
  })

  it('goes where the menu and the tray send it', async () => {
    const fake = createQuietBridge()
    renderWindow(fake, '/workspaces')
    await screen.findByRole('heading', { name: 'Workspaces' })
    await waitFor(() => expect(fake.openSubscriptions('app.watchCommands')).toBe(1))
    act(() => fake.push('app.watchCommands', { kind: 'go', page: 'templates' }))
    await screen.findByRole('heading', { name: 'Templates' })
    act(() => fake.push('app.watchCommands', { kind: 'add-deployment' }))
    await screen.findByRole('dialog', { name: 'Add a deployment' })
  })

  it('paints the theme of the settings', async () => {
    const fake = createQuietBridge()
    fake.feed('settings.watch', () => ({ settings: sampleSettings({ theme: 'high-contrast' }), notices: [] }))
    renderWindow(fake, '/workspaces')
    await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('hc'))
  })
})
