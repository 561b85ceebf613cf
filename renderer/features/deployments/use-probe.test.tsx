import { screen } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { useProbe } from './use-probe.ts'

const found = {
  url: 'https://coder.acme.dev',
  tokenPageUrl: 'https://coder.acme.dev/cli-auth',
  insecure: false,
  hasFirstUser: true,
  methods: { password: true, browser: false },
  tooOld: null,
}

function Sheet() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(!open)}>
        open or close
      </button>
      {open ? <Probed /> : null}
    </>
  )
}

function Probed() {
  const probe = useProbe('coder.acme.dev')
  return (
    <button type="button" onClick={probe.now}>
      {probe.found ? `found ${probe.found.version}` : 'look'}
    </button>
  )
}

const click = async (name: string): Promise<void> => (await screen.findByRole('button', { name })).click()

describe('looking at an address', () => {
  it('asks anew the next time, as the deployment may be added or gone by then', async () => {
    const fake = createQuietBridge()
    let asked = 0
    fake.answer('deployments.probe', () => {
      asked += 1
      return { ...found, version: `v${asked}` }
    })
    renderPage(<Sheet />, fake)
    await click('open or close')
    await click('look')
    await screen.findByText('found v1')
    await click('open or close')
    await click('open or close')
    await click('look')
    await screen.findByText('found v2')
    expect(asked).toBe(2)
  })
})
