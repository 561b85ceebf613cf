import { expect, test } from 'vitest'
import { formatAppLabel, parseAppLabel } from './app-hosts.ts'

const ofMain = { agent: 'main', workspace: 'dev', owner: 'ada' }

test('reads apps and ports, with an agent and without', () => {
  expect(parseAppLabel('web--dev--ada')).toEqual({ ...ofMain, agent: undefined, opens: { slug: 'web' } })
  expect(parseAppLabel('web-2--main--dev--ada')).toEqual({ ...ofMain, opens: { slug: 'web-2' } })
  expect(parseAppLabel('8080--main--dev--ada')).toEqual({
    ...ofMain,
    opens: { port: 8080, protocol: 'http' },
  })
  expect(parseAppLabel('8080s--main--dev--ada')?.opens).toEqual({ port: 8080, protocol: 'https' })
  expect(parseAppLabel('x--y---z---web--dev--ada')?.opens).toEqual({ slug: 'web' })
  // Without an agent it can only be a slug.
  expect(parseAppLabel('8080--dev--ada')?.opens).toEqual({ slug: '8080' })
})

test('refuses whatever else a host may be called', () => {
  for (const label of [
    '',
    'web',
    'web--ada',
    'a--b--c--d--e',
    '--dev--ada',
    'web--dev--',
    'web--dev--ada-',
    'web--d.v--ada',
    'web--d_v--ada',
    'web--dév--ada',
    'web--dev--ada ',
    `web--dev--${'a'.repeat(60)}`,
  ])
    expect([label, parseAppLabel(label)]).toEqual([label, undefined])
})

test('writes what it reads', () => {
  for (const label of ['web--dev--ada', 'web--main--dev--ada', '8080s--main--dev--ada', '9--main--dev--ada'])
    expect(formatAppLabel(parseAppLabel(label)!)).toBe(label)
  expect(formatAppLabel({ ...ofMain, opens: { slug: 'web' }, agent: 'with_underscore' })).toBeUndefined()
  expect(formatAppLabel({ ...ofMain, opens: { slug: 'w'.repeat(60) } })).toBeUndefined()
})
