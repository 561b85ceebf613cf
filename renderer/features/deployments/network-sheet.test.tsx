import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { NetworkView } from '#ipc/deployment-network'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment } from '../../testing/wire-samples.ts'
import { AddDeploymentSheet } from './add-deployment-sheet.tsx'
import { DeploymentBanner } from './deployment-banner.tsx'
import { NetworkSheet } from './network-sheet.tsx'

const acme = sampleDeployment({ id: 'acme', kind: 'remote', name: 'Acme', url: 'https://coder.acme.dev' })
const chosenId = '4dbe9fc2-4d8f-4ab5-8a5e-0c9a0a0b6d11'
const view: NetworkView = {
  serverName: '',
  refreshCommand: '',
  headerCommand: '',
  proxyMode: 'manual',
  proxyUrl: 'http://proxy.acme.dev:3128',
  bypass: '.acme.dev',
  ca: 'acme-ca.pem',
  cert: '',
  key: '',
  hasCredentials: true,
  systemAnswer: 'PROXY sys.acme.dev:8080; DIRECT',
}

function show(fake: FakeBridge) {
  const onClose = vi.fn()
  return { ...renderPage(<NetworkSheet deployment={acme} onClose={onClose} />, fake), onClose }
}
const type = (input: HTMLElement, value: string): void => void fireEvent.change(input, { target: { value } })
const file = (name: string) => within(screen.getByRole('group', { name }))

describe('the network of a deployment', () => {
  it('shows what is set, keeps what is not touched, and sends files by id and the password once', async () => {
    const fake = createQuietBridge()
    fake.answer('deploymentNetwork.read', () => view)
    fake.answer('deploymentNetwork.choose', ({ purpose }) => ({ id: chosenId, name: `${purpose}.pem` }))
    fake.answer('deploymentNetwork.set', () => null)
    const { onClose } = show(fake)
    expect(await screen.findByDisplayValue('http://proxy.acme.dev:3128')).toBeTruthy()
    expect(file('CA file').getByText('acme-ca.pem')).toBeTruthy()
    fireEvent.click(file('Client certificate').getByRole('button', { name: /^Choose/ }))
    expect(await file('Client certificate').findByText('cert.pem')).toBeTruthy()
    fireEvent.click(file('CA file').getByRole('button', { name: /^Leave out/ }))
    type(screen.getByRole('textbox', { name: /Header command/ }), 'print-headers')
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(onClose).toHaveBeenCalled())
    expect(fake.inputsOf('deploymentNetwork.set')).toEqual([
      {
        deploymentId: 'acme',
        network: {
          serverName: '',
          refreshCommand: '',
          headerCommand: 'print-headers',
          proxyMode: 'manual',
          proxyUrl: 'http://proxy.acme.dev:3128',
          bypass: '.acme.dev',
          ca: { kind: 'none' },
          cert: { kind: 'chosen', id: chosenId },
          key: { kind: 'none' },
          credentials: { kind: 'kept' },
        },
      },
    ])
  })

  it('says what is wrong in its place, and keeps what was typed when main refuses', async () => {
    const fake = createQuietBridge()
    fake.answer('deploymentNetwork.read', () => view)
    fake.answer('deploymentNetwork.set', () => {
      throw failure<'deploymentNetwork.set'>(
        'command_refused',
        'Nothing was saved: the command was not confirmed.',
      )
    })
    const { onClose } = show(fake)
    const address = await screen.findByRole('textbox', { name: 'Proxy address' })
    type(address, 'http://ada:secret@proxy.acme.dev')
    expect(await screen.findByText(/Leave the user name and the password out/)).toBeTruthy()
    type(screen.getByLabelText(/Proxy password/), 'secret')
    expect(await screen.findByText('Enter the user name as well.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    type(address, 'socks5://127.0.0.1:1080')
    type(screen.getByRole('textbox', { name: /Proxy user name/ }), 'ada')
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText(/the command was not confirmed/)).toBeTruthy()
    expect(fake.inputsOf('deploymentNetwork.set').map(({ network }) => network.credentials)).toEqual([
      { kind: 'entered', username: 'ada', password: 'secret' },
    ])
    expect(address).toHaveProperty('value', 'socks5://127.0.0.1:1080')
    expect(onClose).not.toHaveBeenCalled()
  })

  it('tells what the system says', async () => {
    const fake = createQuietBridge()
    fake.answer('deploymentNetwork.read', () => ({ ...view, proxyMode: 'system' }))
    show(fake)
    expect(await screen.findByText('The system uses sys.acme.dev:8080 for this deployment now.')).toBeTruthy()
  })

  it('is looked with and added with from the sheet, where a client certificate makes a token optional', async () => {
    const fake = createQuietBridge()
    fake.answer('deploymentNetwork.choose', ({ purpose }) => ({ id: chosenId, name: `${purpose}.pem` }))
    fake.answer('deployments.probe', ({ url, network }) => {
      if (network === undefined)
        throw failure<'deployments.probe'>('unreachable', 'It wants a client certificate.')
      return {
        url,
        version: 'v2.18.0',
        tokenPageUrl: `${url}/cli-auth`,
        insecure: false,
        hasFirstUser: true,
        methods: { password: true, browser: false },
        tooOld: 'This deployment runs Coder v2.18.0.',
      }
    })
    fake.answer('deployments.add', () => acme)
    const onOpenChange = vi.fn()
    renderPage(<AddDeploymentSheet open onOpenChange={onOpenChange} />, fake)
    const address = await screen.findByRole('textbox', { name: 'Address' })
    type(address, 'https://coder.acme.dev')
    fireEvent.blur(address)
    expect(await screen.findByText('It wants a client certificate.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /^Advanced/ }))
    fireEvent.click(file('Client certificate').getByRole('button', { name: /^Choose/ }))
    await file('Client certificate').findByText('cert.pem')
    fireEvent.click(screen.getByRole('button', { name: 'Look with these settings' }))
    expect(await screen.findByText('This deployment runs Coder v2.18.0.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Add deployment' }))
    await waitFor(() => expect(onOpenChange).toHaveBeenCalledWith(false))
    expect(fake.inputsOf('deployments.add')[0]).toMatchObject({
      credential: { kind: 'token', token: '' },
      network: { cert: { kind: 'chosen', id: chosenId } },
    })
  })
})

describe('the banner', () => {
  it('offers the network settings where a deployment is out of reach, and tells of one that is too old', () => {
    const away = { ...acme, state: { kind: 'unreachable', reason: 'No.', retryAt: null } as const }
    const { actions, unmount } = renderPage(<DeploymentBanner deployment={away} />, createQuietBridge())
    fireEvent.click(screen.getByRole('button', { name: 'Network settings' }))
    expect(actions.askNetwork).toHaveBeenCalledWith('acme')
    unmount()
    renderPage(
      <DeploymentBanner deployment={{ ...acme, tooOld: 'It runs Coder v2.18.0.' }} />,
      createQuietBridge(),
    )
    expect(screen.getByText('Acme is older than Outpost supports')).toBeTruthy()
    expect(screen.getByText('It runs Coder v2.18.0.')).toBeTruthy()
  })
})
