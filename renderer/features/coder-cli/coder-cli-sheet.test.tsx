import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { CliState } from '#bridge/contract/coder-cli'
import type { FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment } from '../../testing/wire-samples.ts'
import { CoderCliSheet } from './coder-cli-sheet.tsx'

const acme = sampleDeployment({ id: 'acme', kind: 'remote', name: 'Acme', url: 'https://coder.acme.dev' })

function show(state: CliState | null, chosen: string | null = null): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('coderCli.watch', () => ({ chosen, signature: 'deployment' as const, state }))
  fake.answer('coderCli.choose', () => true)
  fake.answer('coderCli.forget', () => null)
  fake.answer('coderCli.setSignature', () => true)
  renderPage(<CoderCliSheet deployment={acme} onClose={vi.fn()} />, fake)
  return fake
}

describe('the command line of a deployment', () => {
  it('shows how far a download is', async () => {
    show({ kind: 'downloading', received: 12_340_000, total: 60_000_000 })
    expect(await screen.findByText('Downloading: 12.3 of 60.0 MB')).toBeTruthy()
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('21')
  })

  it('says why there is none, and has what to do about it beside', async () => {
    const fake = show({ kind: 'failed', code: 'unsigned', reason: 'There is no\u202e signature.' })
    expect(await screen.findByText('There is no signature.')).toBeTruthy()
    fireEvent.click(screen.getByRole('radio', { name: /published signature/ }))
    await waitFor(() =>
      expect(fake.inputsOf('coderCli.setSignature')).toEqual([
        { deploymentId: 'acme', signature: 'published' },
      ]),
    )
  })

  it('can be one of the user', async () => {
    const fake = show(null)
    expect(await screen.findByText('Nothing has needed it since Outpost was started.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Choose a program…' }))
    await waitFor(() => expect(fake.inputsOf('coderCli.choose')).toEqual([{ deploymentId: 'acme' }]))
    expect(screen.queryByRole('button', { name: "Use the deployment's own" })).toBeNull()
  })

  it('of the user is named, needs no signature, and can be left', async () => {
    const fake = show({ kind: 'ready', version: 'v2.24.0', outdated: 'It is old.' }, '/opt/coder')
    expect(await screen.findByText('/opt/coder')).toBeTruthy()
    expect(screen.getByText('It is old.')).toBeTruthy()
    expect(screen.queryByRole('radio')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: "Use the deployment's own" }))
    await waitFor(() => expect(fake.inputsOf('coderCli.forget')).toHaveLength(1))
  })
})
