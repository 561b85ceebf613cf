import { describe, expect, it } from 'vitest'
import {
  allowListOfRequest,
  coversEveryTarget,
  isWithin,
  keyAccess,
  requestableScopes,
  scopeCovers,
  scopesOfRequest,
} from './key-access.ts'

const ID = '33333333-3333-4333-8333-333333333333'
const all = ['*:*']

describe('scopes', () => {
  it('are taken in their stored spelling, once each, and default to all', () => {
    expect(scopesOfRequest([], undefined)).toEqual(['coder:all'])
    expect(scopesOfRequest([], '')).toEqual(['coder:all'])
    expect(scopesOfRequest([], 'application_connect')).toEqual(['coder:application_connect'])
    expect(scopesOfRequest(['all', 'coder:all'], undefined)).toEqual(['coder:all'])
    expect(scopesOfRequest(['workspace:read'], 'all')).toEqual(['workspace:read'])
  })

  it('that cannot be asked for are refused', () => {
    for (const scope of [
      '',
      'workspace',
      'workspace:share',
      'system:read',
      'user:create',
      '*:*',
      'toString',
    ]) {
      expect(() => scopesOfRequest([scope], undefined)).toThrow('Failed to create API key.')
    }
  })

  it('all stand for something', () => {
    for (const scope of requestableScopes) {
      const { permissions } = keyAccess([scope], all)
      expect([...permissions].every((pair) => /^(\*|\w+):(\*|\w+)$/.test(pair))).toBe(true)
    }
  })

  it('without any allow nothing', () => {
    expect(scopeCovers(keyAccess([], all), 'workspace', 'read')).toBe(false)
    expect(keyAccess([], all).isUnrestricted).toBe(false)
    expect(keyAccess(['coder:all'], []).isUnrestricted).toBe(false)
  })
})

describe('allow lists', () => {
  it('are kept short and sorted', () => {
    expect(allowListOfRequest([])).toEqual(all)
    expect(allowListOfRequest([`workspace:${ID}`, '*:*'])).toEqual(all)
    expect(allowListOfRequest([` Workspace:${ID} `, 'workspace:*', `template:${ID}`])).toEqual([
      `template:${ID}`,
      'workspace:*',
    ])
  })

  it('refuse what is no target, and too many', () => {
    const many = Array.from({ length: 129 }, () => `workspace:${ID}`)
    for (const entries of [['x'], ['workspace:'], [':x'], [`a:b:c`], ['nothing:*'], ['workspace:x'], many]) {
      expect(() => allowListOfRequest(entries)).toThrow('Failed to create API key.')
    }
  })

  it('of single things do not cover all of them', () => {
    expect(coversEveryTarget(keyAccess(['coder:all'], [`workspace:${ID}`]), 'workspace')).toBe(false)
    expect(coversEveryTarget(keyAccess(['coder:all'], ['workspace:*']), 'workspace')).toBe(true)
    expect(coversEveryTarget(keyAccess(['coder:all'], ['workspace:*']), 'template')).toBe(false)
  })
})

describe('a key within another', () => {
  const full = keyAccess(['coder:all'], all)
  const cases: [string[], string[], string[], string[], boolean][] = [
    [['workspace:read'], all, ['workspace:*'], all, true],
    [['workspace:*'], all, ['workspace:read'], all, false],
    [['workspace:*'], all, ['workspace:*'], all, true],
    [['coder:all'], all, ['workspace:*'], all, false],
    [['coder:workspaces.operate'], all, ['workspace:*'], all, false],
    [['coder:workspaces.operate'], all, ['workspace:*', 'template:read'], all, true],
    [['workspace:read'], all, ['coder:all'], [`workspace:${ID}`], false],
    [['workspace:read'], [`workspace:${ID}`], ['coder:all'], ['workspace:*'], true],
    [['workspace:read'], ['workspace:*'], ['coder:all'], [`workspace:${ID}`], false],
  ]

  it.each(cases)('%j %j in %j %j: %s', (scopes, list, outerScopes, outerList, wanted) => {
    expect(isWithin(keyAccess(scopes, list), keyAccess(outerScopes, outerList))).toBe(wanted)
  })

  it('is every key within the full one, and the full one only within itself', () => {
    expect(isWithin(keyAccess(['workspace:*'], all), full)).toBe(true)
    expect(isWithin(full, full)).toBe(true)
    expect(isWithin(full, keyAccess(['workspace:*'], all))).toBe(false)
  })
})
