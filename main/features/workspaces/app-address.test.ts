import { describe, expect, it } from 'vitest'
import { workspaceAppSchema } from '#bridge/contract/workspace-apps'
import { testUuid } from '../../testing/builders.ts'
import { hostedAddress, isOfDeployment } from './app-address.ts'

const place = {
  deploymentUrl: 'https://coder.acme.dev',
  ownerName: 'ada',
  workspaceName: 'dev',
  agentName: 'main',
}
const app = (change: object) => workspaceAppSchema.parse({ id: testUuid(1), slug: 'web', ...change })

describe('the address of an app', () => {
  it.each([
    {
      of: 'a path',
      app: {},
      host: '*.apps.acme.dev',
      url: 'https://coder.acme.dev/@ada/dev.main/apps/web/',
    },
    {
      of: 'a host of its own',
      app: { subdomain: true, subdomain_name: 'web--dev--ada' },
      host: '*.apps.acme.dev:8443',
      url: 'https://web--dev--ada.apps.acme.dev:8443/',
    },
    {
      of: 'a host where the deployment has none',
      app: { subdomain: true, subdomain_name: 'web--dev--ada' },
      host: '',
      url: 'https://coder.acme.dev/@ada/dev.main/apps/web/',
    },
    {
      of: 'a slug that would lead elsewhere',
      app: { slug: '../../settings?x=' },
      host: '',
      url: 'https://coder.acme.dev/@ada/dev.main/apps/..%2F..%2Fsettings%3Fx%3D/',
    },
    {
      of: 'a host that is none',
      app: { subdomain: true, subdomain_name: 'a b' },
      host: '*.apps.acme.dev',
      url: undefined,
    },
  ])('of $of', ({ app: change, host, url }) => {
    expect(hostedAddress(app(change), place, host)).toBe(url)
  })
})

describe('the deployment’s own', () => {
  it.each([
    ['https://coder.acme.dev/@ada/dev.main/apps/web/', 'https://coder.acme.dev', true],
    ['https://web.coder.acme.dev/', 'https://coder.acme.dev', true],
    ['https://web.apps.acme.dev/', 'https://coder.acme.dev', false],
    ['https://evilcoder.acme.dev/', 'https://coder.acme.dev', false],
    ['http://coder.acme.dev/', 'https://coder.acme.dev', false],
    ['http://web--dev--ada.localhost:4000/', 'http://127.0.0.1:4000', true],
    ['http://web--dev--ada.localhost:4001/', 'http://127.0.0.1:4000', false],
    ['http://web--dev--ada.localhost/', 'http://coder.acme.dev', false],
    ['http://web--dev--ada.localhost:4000/', 'http://localhost:4000', true],
    ['http://web--dev--ada.localhost:4001/', 'http://localhost:4000', false],
    ['not an address', 'https://coder.acme.dev', false],
  ])('%s of %s: %s', (address, deployment, isOwn) => {
    expect(isOfDeployment(address, deployment)).toBe(isOwn)
  })
})
