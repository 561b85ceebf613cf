import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkAmong, parseDeepLink } from './deep-link.ts'

const id = '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10'

describe('a link into the app', () => {
  it.each([
    [`outpost://coder.acme.dev/agents/${id}`, 'coder.acme.dev'],
    [`OUTPOST://Coder.Acme.dev:8443/agents/${id.toUpperCase()}/`, 'coder.acme.dev:8443'],
    [`outpost://[::1]:3000/agents/${id}`, '[::1]:3000'],
    [`outpost://local/agents/${id}`, 'local'],
    [`outpost://coder.acme.dev/agents/${id}/Embed`, 'coder.acme.dev'],
  ])('asks for a chat: %s', (text, host) =>
    expect(parseDeepLink(text)).toEqual({ kind: 'chat', host, chatId: id }),
  )

  it.each([
    `outpost://coder.acme.dev/agents/${id}/desktop`,
    `OUTPOST://Coder.Acme.dev/agents/${id.toUpperCase()}/Desktop/`,
  ])('asks for the desktop of a chat: %s', (text) =>
    expect(parseDeepLink(text)).toEqual({ kind: 'desktop', host: 'coder.acme.dev', chatId: id }),
  )

  it.each([
    ...[
      'desktops',
      'desktop/x',
      'desktop?x',
      'desktop#x',
      'desktop//',
      '/desktop',
      'embedded',
      'embed/desktop',
      'desktop/desktop',
    ].map((more) => `outpost://h/agents/${id}/${more}`),
    `outpost://h/agents/${id}desktop`,
    `outpost://h/desktop/${id}`,
    ...['', 'outpost:', 'outpost://', 'outpost://evil', 'https://coder.acme.dev/agents/x'],
    ...[`outpost:///agents/${id}`, `outpost://a@b/agents/${id}`, `outpost://h/agents/${id}?x=1`],
    ...[
      `outpost://h/agents/${id}#x`,
      `outpost://h/agents/../settings/${id}`,
      `outpost://h/agents/${id} --no-sandbox`,
    ],
    ...[
      `outpost://h/agents/${id}\n`,
      ` outpost://h/agents/${id}`,
      `outpost://h/settings/${id}`,
      `outpost://h/agents/1`,
    ],
    ...[
      `outpost://${'a'.repeat(400)}/agents/${id}`,
      `outpost://h\u202e/agents/${id}`,
      `outpost://-h/agents/${id}`,
    ],
  ])('is not %j', (text) => expect(parseDeepLink(text)).toBeUndefined())

  it('never has a host or an id that could be read as something else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const link = parseDeepLink(`outpost://${a}/agents/${id}${b}`)
        if (link === undefined) return
        expect(link.host).toMatch(/^[a-z0-9.:[\]-]+$/)
        expect(link.chatId).toBe(id)
      }),
    )
  })
})

describe('the arguments of a start', () => {
  it('hold one link, or none that is taken', () => {
    expect(linkAmong(['outpost', '--hidden', 'outpost://a'])).toBe('outpost://a')
    expect(linkAmong(['outpost', 'Outpost:b'])).toBe('Outpost:b')
    expect(linkAmong(['outpost', '--x=outpost://a', '/opt/outpost:'])).toBeUndefined()
    expect(linkAmong(['outpost://a', 'outpost://b'])).toBeUndefined()
    expect(linkAmong([])).toBeUndefined()
  })
})
