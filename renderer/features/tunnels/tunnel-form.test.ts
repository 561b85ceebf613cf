import { describe, expect, it } from 'vitest'
import { sampleTunnel } from '../../testing/tunnel-samples.ts'
import { formatEnd, isOpenToNetwork, parseEnd } from './tunnel-end.ts'
import { emptyForm, formOf, readForm, type TunnelForm } from './tunnel-form.ts'

const form = (change: Partial<TunnelForm> = {}): TunnelForm => ({
  ...emptyForm,
  workspaceId: sampleTunnel().workspaceId,
  there: '3000',
  ...change,
})
const context = { others: [], hasAuthority: false }
const here = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const

describe('an end as a person writes it', () => {
  it.each([
    ['3000', here(3000)],
    [' localhost:80 ', here(80)],
    ['db.internal:5432', { kind: 'tcp', host: 'db.internal', port: 5432 }],
    ['[::1]:80', { kind: 'tcp', host: '::1', port: 80 }],
    ['/run/app.sock', { kind: 'socket', path: '/run/app.sock' }],
    ['~/app.sock', { kind: 'socket', path: '~/app.sock' }],
  ])('%s is understood, and written so again', (text, end) => {
    expect(parseEnd(text)).toEqual({ kind: 'end', end })
    expect(parseEnd(formatEnd(end as never))).toEqual({ kind: 'end', end })
  })

  it.each(['0', '65536', '99999999999999999999', 'abc', 'a b:80', '-x:80', 'a:b:80', '80:', 'http://a:80'])(
    '%s is wrong, with what to do',
    (text) => {
      expect(parseEnd(text)).toEqual({ kind: 'wrong', problem: expect.stringMatching(/\.$/) as string })
    },
  )

  it('is open to the network unless it is loopback', () => {
    const isOpen = (text: string): boolean => {
      const parsed = parseEnd(text)
      return parsed.kind === 'end' && isOpenToNetwork(parsed.end)
    }
    expect(['3000', '127.1.2.3:3000', '[::1]:3000', '/run/x'].map(isOpen)).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(['0.0.0.0:3000', '192.168.1.4:3000', '[::]:3000'].map(isOpen)).toEqual([true, true, true])
  })
})

describe('a form', () => {
  it('of a local tunnel without a port here takes any', () => {
    expect(readForm(form(), context).draft).toMatchObject({
      kind: 'local',
      listen: here(0),
      anyPort: true,
      target: here(3000),
    })
    expect(readForm(form({ here: '8080' }), context).draft).toMatchObject({
      listen: here(8080),
      anyPort: false,
    })
  })

  it('of a remote tunnel turns the ends round, and needs both', () => {
    expect(readForm(form({ kind: 'remote', here: '5432' }), context).draft).toMatchObject({
      listen: here(3000),
      target: here(5432),
      anyPort: false,
    })
    expect(readForm(form({ kind: 'remote' }), context)).toEqual({
      problems: { here: 'Enter a port, such as 3000.' },
    })
  })

  it('of a SOCKS proxy has no target', () => {
    expect(readForm(form({ kind: 'dynamic', here: '1080' }), context).draft).toMatchObject({
      listen: here(1080),
      target: null,
    })
    expect(readForm(form({ kind: 'dynamic', here: '/run/x' }), context).problems.here).toContain('port')
  })

  it('says which tunnel has its port already, and not that of the one that is edited', () => {
    const other = sampleTunnel({ title: 'Web' })
    const same = form({ here: '3000' })
    expect(readForm(same, { ...context, others: [other] }).problems.here).toContain('“Web”')
    expect(readForm(same, context).problems).toEqual({})
  })

  it('asks for consent to the authority once', () => {
    const web = form({ here: '8443', https: true })
    expect(readForm(web, context).problems.consent).toContain('Agree')
    expect(readForm({ ...web, consent: true }, context).draft?.https).toBe(true)
    expect(readForm(web, { ...context, hasAuthority: true }).draft?.https).toBe(true)
  })

  it('of a tunnel that is there makes the same one again', () => {
    const any = sampleTunnel()
    const edited = { ...any, draft: { ...any.draft, anyPort: true, name: 'Web' } }
    expect(readForm(formOf(edited), { ...context, edited }).draft).toEqual(edited.draft)
    // A port that is typed is meant.
    expect(readForm({ ...formOf(edited), here: '4000' }, { ...context, edited }).draft?.anyPort).toBe(false)
  })
})
