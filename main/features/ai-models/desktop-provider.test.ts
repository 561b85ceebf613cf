import { expect, it } from 'vitest'
import { startHarness } from '../../testing/app-harness.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const token = 'Abcdefghij-0123456789abcdefghijkl'

it.each([
  ['a local deployment', ['local-deployment'], ['anthropic']],
  ['any other', undefined, ['anthropic', 'openai']],
])('%s takes the desktop providers that it has a tool for', async (_, features, accepted) => {
  const stub = await startStubDeployment(token)
  stub.override = ({ path }) => {
    if (path === '/api/v2/buildinfo')
      return { status: 200, body: { version: 'v2.34.0', outpost_features: features } }
    return path === '/api/experimental/chats/config/computer-use-provider'
      ? { status: 200, body: { provider: 'anthropic' } }
      : undefined
  }
  const harness = await startHarness({ local: { url: stub.url, token } })
  try {
    await untilConnected(harness.page)
    expect(await harness.page.call('aiModels.computerUse', { deploymentId: 'local' })).toEqual({
      provider: 'anthropic',
      accepted,
    })
  } finally {
    await harness.close()
    await stub.close()
  }
})
