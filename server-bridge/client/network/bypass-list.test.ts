import { describe, expect, it } from 'vitest'
import { isBypassed } from './bypass-list.ts'
import { chooseProxies, parseProxyAnswer, parseProxyUrl } from './choose-proxies.ts'

describe('the bypass list', () => {
  it.each([
    ['', 'coder.example.com', 443, false],
    ['example.com', 'example.com', 443, true],
    ['example.com', 'coder.example.com', 443, true],
    ['example.com', 'badexample.com', 443, false],
    ['Example.COM', 'CODER.example.com.', 443, true],
    ['.example.com', 'coder.example.com', 443, true],
    ['.example.com', 'example.com', 443, false],
    ['*.example.com', 'a.b.example.com', 443, true],
    ['*.example.com', 'example.com', 443, false],
    ['*', 'anything.example', 1, true],
    ['coder.example.com:8443', 'coder.example.com', 8443, true],
    ['coder.example.com:8443', 'coder.example.com', 443, false],
    ['a.example, b.example;c.example', 'c.example', 443, true],
    ['a.example b.example', 'b.example', 443, true],
    ['10.0.0.0/8', '10.20.30.40', 443, true],
    ['10.0.0.0/8', '11.0.0.1', 443, false],
    ['10.0.0.0/8', 'ten.example', 443, false],
    ['192.168.1.7', '192.168.1.7', 443, true],
    ['192.168.1.7:80', '192.168.1.7', 443, false],
    ['10.0.0.0/40', '10.0.0.1', 443, false],
    ['fd00::/8', 'fd12::1', 443, true],
    ['[fd00::]/8', 'fe80::1', 443, false],
    ['fd00::1', 'fd00:0:0::1', 443, true],
    ['[fd00::1]:8443', 'fd00::1', 8443, true],
    ['[fd00::1]:8443', 'fd00::1', 443, false],
    ['<local>', 'coder', 443, true],
    ['<local>', 'coder.example.com', 443, false],
    ['<local>', '10.0.0.1', 443, false],
    ['', 'localhost', 3000, true],
    ['', '127.0.0.5', 3000, true],
    ['', '::1', 3000, true],
    ['<-loopback>', 'localhost', 3000, false],
    ['<-loopback>, 127.0.0.1', '127.0.0.1', 3000, true],
  ])('%j for %s:%i is %s', (list, host, port, isIt) => {
    expect(isBypassed(list, { host, port })).toBe(isIt)
  })
})

describe('the choice of proxies', () => {
  const manual = { proxyMode: 'manual', proxyUrl: 'proxy.example.com:3128', bypass: '.internal' } as const
  const proxy = { scheme: 'http', host: 'proxy.example.com', port: 3128 }

  it('goes by the mode', () => {
    const url = 'https://coder.example.com'
    const answer = 'PROXY a.example:80'
    expect(chooseProxies({ ...manual, proxyMode: 'none' }, url, answer)).toEqual([{ scheme: 'direct' }])
    expect(chooseProxies(manual, url, answer)).toEqual([proxy])
    expect(chooseProxies(manual, 'https://coder.internal', answer)).toEqual([{ scheme: 'direct' }])
    expect(chooseProxies({ ...manual, proxyMode: 'system' }, url, answer)).toEqual([
      { scheme: 'http', host: 'a.example', port: 80 },
    ])
  })

  it.each([
    ['proxy.example.com', { scheme: 'http', host: 'proxy.example.com', port: 80 }],
    ['https://proxy.example.com/', { scheme: 'https', host: 'proxy.example.com', port: 443 }],
    ['SOCKS5h://[fd00::1]:1081', { scheme: 'socks5', host: 'fd00::1', port: 1081 }],
    ['socks5://127.0.0.1', { scheme: 'socks5', host: '127.0.0.1', port: 1080 }],
    ['http://proxy.example.com:80', { scheme: 'http', host: 'proxy.example.com', port: 80 }],
    ['ftp://proxy.example.com', undefined],
    ['http://user:pass@proxy.example.com', undefined],
    ['proxy.example.com:99999', undefined],
    ['', undefined],
  ])('reads the address %j', (typed, found) => {
    expect(parseProxyUrl(typed)).toEqual(found)
  })

  it.each([
    ['DIRECT', [{ scheme: 'direct' }]],
    ['', [{ scheme: 'direct' }]],
    [
      'PROXY proxy.example.com:3128; SOCKS5 [fd00::1]:1080;HTTPS s.example; DIRECT',
      [
        proxy,
        { scheme: 'socks5', host: 'fd00::1', port: 1080 },
        { scheme: 'https', host: 's.example', port: 443 },
        { scheme: 'direct' },
      ],
    ],
    ['SOCKS old.example:1080; PROXY', []],
  ])('reads the answer %j of the system', (answer, found) => {
    expect(parseProxyAnswer(answer)).toEqual(found)
  })
})
