import { describe, expect, it } from 'vitest'
import { sampleMcpServer } from '../../testing/wire-samples.ts'
import { deleteEffects, saveEffects } from './save-effects.ts'
import { draftOf, type ServerDraft } from './server-draft.ts'

const config = sampleMcpServer()
const rename: Partial<ServerDraft> = { user_keys: [{ id: 'a', name: 'X-Token', description: '' }] }
const effects = (change: Partial<ServerDraft>, userCount: number | null) =>
  saveEffects(config, { ...draftOf(config), ...change }, userCount)

describe('a save', () => {
  it('that leaves the set of keys alone takes nothing away', () => {
    expect(effects({ description: 'New' }, 12)).toBeUndefined()
    expect(
      effects({ user_keys: [{ id: 'a', name: ' X-Api-Key ', description: 'Other words' }] }, 12),
    ).toBeUndefined()
  })

  it.each([
    [12, 'This clears the values of 12 users.'],
    [1, 'This clears the values of 1 user.'],
    [null, 'This clears every user’s values.'],
  ])('with another set of keys clears values: %j', (userCount, sentence) => {
    expect(effects(rename, userCount)?.sentences[0]).toBe(sentence)
    expect(effects({ auth_type: 'none' }, userCount)?.sentences[0]).toBe(sentence)
    const spelled = { user_keys: [{ id: 'a', name: 'x-api-key', description: '' }] }
    expect(effects(spelled, userCount)?.sentences[0]).toBe(sentence)
  })

  it('takes nothing away while no user has a value', () => {
    expect(effects(rename, 0)).toBeUndefined()
  })

  it('with another sign-in removes what is stored for the old one', () => {
    const oauth2 = sampleMcpServer({
      auth_type: 'oauth2',
      has_oauth2_secret: true,
      custom_headers_user_keys: [],
    })
    expect(saveEffects(oauth2, { ...draftOf(oauth2), auth_type: 'none' }, 0)?.sentences).toEqual([
      'Everybody who has signed in to it is signed out.',
      'What is stored for the sign-in it has now is removed.',
    ])
  })
})

it('a delete names the values that go with the server', () => {
  expect(deleteEffects(config, 12)).toContain('the values of 12 users')
  expect(deleteEffects(config, null)).toContain('every user’s values')
  expect(deleteEffects(config, 0)).not.toContain('values')
})
