/** Header gateways over a bridge, a keychain and a deployment that do what a test says. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { GatewayState, OpenGateway } from '#bridge/contract/header-gateway'
import { mcpServerConfigSchema } from '#bridge/contract/mcp-servers'
import type { KeychainState } from '#ipc/keychain'
import { requireTaken } from '../features/bridge/bridge-refusals.ts'
import type { DeploymentConnection } from '../features/deployments/connection.ts'
import { openGatewaysFile } from '../features/header-gateway/gateways-file.ts'
import {
  createHeaderGateways,
  type HeaderGateways,
  type HeaderGatewaysDeps,
} from '../features/header-gateway/header-gateways.ts'
import type { McpTarget } from '../features/mcp-servers/mcp-target.ts'
import { createLiveValue } from '../lib/live-value.ts'
import { createStorageNotices } from '../lib/storage-notices.ts'
import { testUuid } from './builders.ts'
import { createFakeSecrets } from './fake-ports.ts'
import { createManualClock } from './manual-clock.ts'
import { createRecordingLogger } from './recording-logger.ts'

export const gatewaySecret = 'seeded-header-value'
export const gatewayPlace = { deploymentId: 'local', serverId: testUuid(1), workspaceId: testUuid(2) }
export const gatewayId = `local/ada/${gatewayPlace.serverId}/${gatewayPlace.workspaceId}`
export const gatewayConfig = mcpServerConfigSchema.parse({
  id: gatewayPlace.serverId,
  slug: 'obs',
  transport: 'streamable_http',
  auth_type: 'custom_headers',
  availability: 'default_on',
  display_name: 'Observability',
  enabled: true,
})

const works: KeychainState = { kind: 'works', backend: 'Test' }

/** What the gateways stand on. What a test assigns counts from the next time they ask for it. */
export class GatewayGround {
  readonly clock = createManualClock()
  readonly logger = createRecordingLogger()
  readonly keychainState = createLiveValue(works)
  readonly secrets = createFakeSecrets()
  keychain: HeaderGatewaysDeps['keychain'] = {
    state: this.keychainState,
    get: (account) => this.secrets.get(account),
    set: (account, value) => this.secrets.set(account, value),
    delete: (account) => this.secrets.delete(account),
  }
  session: object | undefined = {}
  /** Why there is no session, where there is none. */
  ending: 'signed_out' | 'unreachable' = 'signed_out'
  isListed = true
  userId = 'ada'
  target = async (): Promise<McpTarget> => ({
    config: gatewayConfig,
    url: 'https://mcp.example.test/',
    transport: 'streamable_http',
    addressFrom: 'deployment',
    headers: { 'X-Key': gatewaySecret },
  })
  /** What the bridge has open, and what it was asked to do. */
  readonly opened = new Map<string, Omit<OpenGateway, 'type'>>()
  readonly posted: string[] = []
  readonly folder: string
  #gateways: HeaderGateways | undefined
  settled: () => Promise<void> = () => Promise.resolve()

  constructor(folder: string) {
    this.folder = folder
  }

  get gateways(): HeaderGateways {
    if (this.#gateways === undefined) throw new Error('The gateways were not started.')
    return this.#gateways
  }

  /** Starts them over what is kept. */
  async start(): Promise<void> {
    const { folder, clock, logger, opened, posted } = this
    const file = await openGatewaysFile({ folder, notices: createStorageNotices(), clock, logger })
    this.settled = () => file.settled()
    this.#gateways = createHeaderGateways({
      file,
      targets: { resolve: () => this.target(), confirmAddress: () => Promise.resolve() },
      bridge: {
        openGateway(request) {
          requireTaken({ type: 'open-gateway', ...request })
          posted.push('open')
          opened.set(request.gatewayId, request)
        },
        closeGateway(id) {
          posted.push('close')
          opened.delete(id)
        },
        retryGateway: () => void posted.push('retry'),
      },
      connection: () => this.#connection(),
      keychain: this.keychain,
      clock,
      logger,
    })
    await this.turn()
  }

  #connection(): DeploymentConnection | undefined {
    if (!this.isListed) return undefined
    return {
      session: createLiveValue(this.session),
      view: createLiveValue({
        user: { id: this.userId },
        state: { kind: this.session === undefined ? this.ending : 'connected' },
      }),
    } as unknown as DeploymentConnection
  }

  /** Lets a look at the target come to its end. */
  turn(): Promise<void> {
    return new Promise((done) => setImmediate(done))
  }

  shown() {
    return this.gateways.of(gatewayPlace.deploymentId, gatewayPlace.serverId).get()
  }

  /** What the bridge tells of the gateway. */
  say(change: Partial<GatewayState> = {}): void {
    this.gateways.onState({
      type: 'gateway-state',
      gatewayId,
      connection: { kind: 'open', port: this.opened.get(gatewayId)?.port ?? 0 },
      calls: 0,
      problem: null,
      configProblem: null,
      isPortTaken: false,
      ...change,
    })
  }
}

/** A new one for each test of the file. */
export function gatewayGroundForEach(): () => GatewayGround {
  let ground: GatewayGround | undefined
  const current = (): GatewayGround => {
    if (ground === undefined) throw new Error('There is one in tests only.')
    return ground
  }
  beforeEach(async () => {
    ground = new GatewayGround(await mkdtemp(join(tmpdir(), 'outpost-gateways-')))
    await ground.start()
  })
  afterEach(async () => {
    const { gateways, folder } = current()
    gateways.close()
    await current().settled()
    await rm(folder, { recursive: true, force: true })
  })
  return current
}
