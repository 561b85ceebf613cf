import { expect, it } from 'vitest'
import { webHost } from './web-host.ts'

it.each([
  ['https://coder.test/a?b', 'coder.test'],
  ['http://coder.test:8080', 'coder.test:8080'],
  ['https://github.com@evil.test/login', 'evil.test'],
  ['ftp://coder.test/a', undefined],
  ['javascript://coder.test/%0aalert(1)', undefined],
  ['file:///etc/passwd', undefined],
  ['nonsense', undefined],
  ['', undefined],
  [undefined, undefined],
])('the host of %j is %j', (url, host) => expect(webHost(url)).toBe(host))
