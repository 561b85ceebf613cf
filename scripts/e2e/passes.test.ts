import { describe, expect, it } from 'vitest'
import { planPasses } from './passes.ts'

describe('planPasses', () => {
  it('runs everything at once, in the real sandbox, for an ordinary user', () => {
    expect(planPasses(false, ['--grep', 'tray'])).toEqual([
      { name: 'journeys', asOrdinaryUser: false, playwrightArguments: ['--grep', 'tray'] },
    ])
  })

  it('gives root a second pass as an ordinary user, for the journeys that ask for one', () => {
    const [first, second] = planPasses(true, [])
    expect(first).toMatchObject({ asOrdinaryUser: false, playwrightArguments: ['--grep-invert', '@user'] })
    expect(second).toMatchObject({ asOrdinaryUser: true, playwrightArguments: ['--grep', '@user|@both'] })
  })

  it('lets a pattern narrow both passes', () => {
    for (const args of [['-g', 'tray'], ['--grep=tray'], ['--grep', 'tray']]) {
      const [first, second] = planPasses(true, [...args, 'specs/first'])
      expect(first?.playwrightArguments).toEqual(['--grep-invert', '@user', '--grep', 'tray', 'specs/first'])
      expect(second?.playwrightArguments).toEqual([
        '--grep',
        '(?=.*(?:@user|@both))(?=.*(?:tray))',
        'specs/first',
      ])
    }
  })
})
