import { beforeEach, describe, expect, it } from 'vitest'
import {
  gatewayGroundForEach,
  gatewayId,
  gatewayPlace,
  type GatewayGround,
} from '../../testing/gateway-ground.ts'
import { SecretsError } from '../../ports/secrets.ts'

let on: GatewayGround
const ground = gatewayGroundForEach()
beforeEach(() => {
  on = ground()
})

describe('the bearer', () => {
  const bearer = () => on.opened.get(gatewayId)?.bearer
  const restart = async (): Promise<void> => {
    on.gateways.close()
    await on.settled()
    on.opened.clear()
    await on.start()
    await on.turn()
  }
  it.each<[string, () => unknown]>([
    [
      'was locked',
      () => {
        on.keychainState.set({ kind: 'locked', backend: 'Test' })
        on.keychainState.set({ kind: 'works', backend: 'Test' })
      },
    ],
    [
      'had no deployment to reach',
      () => {
        on.ending = 'unreachable'
        on.session = undefined
        on.gateways.sessionChanged('local')
        on.session = {}
        on.gateways.sessionChanged('local')
      },
    ],
    ['lost its forward', () => on.say({ connection: { kind: 'connecting' } })],
    ['waits', () => on.say({ connection: { kind: 'waiting', reason: 'The connection was cut.' } })],
    ['began anew with the app', restart],
  ])('stays after the gateway %s, and the same port is there again', async (_, happen) => {
    await on.gateways.set(gatewayPlace, true)
    on.say()
    const before = bearer()
    await happen()
    await on.turn()
    on.say()
    expect([bearer(), on.gateways.opened(gatewayPlace).bearer]).toEqual([before, before])
    expect(before).toMatch(/^[\w-]{43}$/)
  })

  const heal = () => on.say({ connection: { kind: 'waiting', reason: 'The connection was cut.' } })
  it.each<[string, () => unknown]>([
    ['got another port', () => on.say({ connection: { kind: 'open', port: 23_456 } })],
    [
      'got another port when it healed',
      () => {
        heal()
        on.say({ connection: { kind: 'open', port: 23_456 } })
      },
    ],
    [
      'found its port taken, though it gets it back',
      () => {
        heal()
        on.say({ connection: { kind: 'waiting', reason: 'Port 20000 is in use.' }, isPortTaken: true })
      },
    ],
    [
      'got another port after a start of the app',
      async () => {
        await restart()
        on.say({ connection: { kind: 'open', port: 23_456 } })
      },
    ],
    [
      'was signed out',
      async () => {
        on.session = undefined
        on.gateways.sessionChanged('local')
        await on.turn()
        on.session = {}
        on.gateways.sessionChanged('local')
      },
    ],
    [
      'was switched off and on',
      async () => {
        await on.gateways.set(gatewayPlace, false)
        await on.gateways.set(gatewayPlace, true)
      },
    ],
  ])('is another one after the gateway %s', async (_, happen) => {
    await on.gateways.set(gatewayPlace, true)
    on.say()
    const before = bearer()
    await happen()
    await on.turn()
    await on.turn()
    const after = bearer()
    expect(after).toMatch(/^[\w-]{43}$/)
    expect(after).not.toBe(before)
    expect(() => on.gateways.opened(gatewayPlace)).toThrow('not open yet')
    on.say()
    expect(on.gateways.opened(gatewayPlace).bearer).toBe(after)
    expect([...on.secrets.stored.values()]).toEqual([after])
  })

  it('stays while it tries to open for the first time, since nobody knows it yet', async () => {
    await on.gateways.set(gatewayPlace, true)
    const before = bearer()
    on.say({ connection: { kind: 'waiting', reason: 'Opens when the workspace runs.' }, isPortTaken: true })
    on.say({ connection: { kind: 'connecting' } })
    on.say({ connection: { kind: 'open', port: 23_456 } })
    expect([bearer(), on.posted]).toEqual([before, ['open']])
    expect(on.gateways.opened(gatewayPlace)).toMatchObject({ port: 23_456, bearer: before })
  })

  it.each<[string, () => unknown]>([
    ['is switched off', () => on.gateways.set(gatewayPlace, false)],
    [
      'is left with its deployment',
      () => {
        on.isListed = false
        on.gateways.sessionChanged('local')
      },
    ],
    [
      'is signed out of',
      () => {
        on.session = undefined
        on.gateways.sessionChanged('local')
      },
    ],
    [
      'is gone with its workspace',
      () => on.say({ connection: { kind: 'failed', reason: 'Gone.', isGone: true } }),
    ],
  ])('is in the keychain until the gateway %s', async (_, happen) => {
    await on.gateways.set(gatewayPlace, true)
    await on.turn()
    expect([...on.secrets.stored]).toEqual([
      [`deployment/local/header-gateway/ada/${gatewayPlace.serverId}/${gatewayPlace.workspaceId}`, bearer()],
    ])
    await happen()
    await on.turn()
    expect(on.secrets.stored.size).toBe(0)
  })

  it('that nobody can read keeps the gateway shut, and one that cannot be kept does not', async () => {
    on.keychain = { ...on.keychain, get: () => Promise.reject(new SecretsError('locked', 'It is locked.')) }
    on.gateways.close()
    await on.start()
    await on.gateways.set(gatewayPlace, true)
    expect([on.opened.size, on.shown()[0]?.state]).toMatchObject([
      0,
      { kind: 'blocked', code: 'keychain_locked' },
    ])
    await on.gateways.set(gatewayPlace, false)
    on.keychain = {
      ...on.keychain,
      get: () => Promise.resolve(null),
      set: () => Promise.reject(new SecretsError('failed', 'No room.')),
    }
    on.gateways.close()
    await on.start()
    await on.gateways.set(gatewayPlace, true)
    await on.turn()
    expect(bearer()).toMatch(/^[\w-]{43}$/)
    expect(on.logger.lines.join('')).toContain('could not be changed in the keychain')
    expect(on.logger.lines.join('')).not.toContain(bearer())
  })
})

describe('another user of the deployment', () => {
  const become = async (next: string): Promise<void> => {
    on.userId = next
    on.session = {}
    on.gateways.sessionChanged('local')
    await on.turn()
  }

  it('sees no gateway, has none open, and none ends for who has it', async () => {
    await on.gateways.set(gatewayPlace, true)
    on.say()
    await become('grace')
    expect([on.opened.size, on.shown(), on.gateways.places()]).toEqual([0, [], []])
    on.say({ connection: { kind: 'failed', reason: 'There is no such workspace.', isGone: true } })
    await become('ada')
    expect([on.opened.has(gatewayId), on.shown().length]).toEqual([true, 1])
  })

  it('has a gateway of their own for the same workspace, also after a restart', async () => {
    await on.gateways.set(gatewayPlace, true)
    await become('grace')
    await on.gateways.set(gatewayPlace, true)
    const port = [...on.opened.values()][0]?.port
    await on.gateways.set(gatewayPlace, false)
    on.gateways.close()
    await on.settled()
    on.userId = 'ada'
    on.opened.clear()
    await on.start()
    expect([...on.opened.keys()]).toEqual([gatewayId])
    expect(on.opened.get(gatewayId)?.port).not.toBe(port)
  })
})
