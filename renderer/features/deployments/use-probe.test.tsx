import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { useProbe } from './use-probe.ts'

const found = {
  url: 'https://coder.acme.dev',
  version: 'v2.31.0',
  tokenPageUrl: 'https://coder.acme.dev/cli-auth',
  insecure: false,
  hasFirstUser: true,
  passwordSignIn: true,
}

function Probed() {
  const probe = useProbe('coder.acme.dev')
  return (
    <button type="button" onClick={probe.now}>
      {probe.found ? `found ${probe.found.version}` : 'look'}
    </button>
  )
}

describe('looking at an address', () => {
  it('asks anew the next time, as the deployment may be added or gone by then', async () => {
    const fake = createQuietBridge()
    let asked = 0
    fake.answer('deployments.probe', () => {
      asked += 1
      return { ...found, version: `v${asked}` }
    })
    const { unmount } = renderPage(<Probed />, fake)
    ;(await screen.findByRole('button', { name: 'look' })).click()
    await screen.findByText('found v1')
    unmount()
    renderPage(<Probed />, fake)
    ;(await screen.findByRole('button', { name: 'look' })).click()
    await screen.findByText('found v2')
  })
})
